namespace TarsEngine.Tests.Sandbox.Escapes;

/// <summary>Where a probe's positive control runs: always somewhere that it can harm nothing.</summary>
public enum Control
{
    /// <summary>On the host, against things of the test's own.</summary>
    Host,

    /// <summary>The same, but only root can do it; an ordinary user's control can't be had.</summary>
    Root,

    /// <summary>As root of fresh namespaces that end with it.</summary>
    Namespaces,
}

/// <summary>One way out: what is tried, and where it is shown to work.</summary>
/// <param name="Kind">'sh', 'c' or 'call', as probe.c says.</param>
/// <param name="IsAllowed">Needed by builds and tests: it must work inside too, and reaches nothing outside.</param>
public sealed record Probe(string Name, string Kind, string Attempt, Control Control = Control.Host, bool IsAllowed = false)
{
    public string Line => $"{Name}\t{Kind}\t{Attempt}\n";
}
