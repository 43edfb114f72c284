namespace TarsEngine.Configuration;

/// <summary>Which tests run first, which count, and names for some of them.</summary>
public sealed record TestSettings
{
    public static TestSettings Default { get; } = new();

    /// <summary>In a suite that takes long, tests that are named for what a change touches are run before all others.</summary>
    public bool ImpactedFirst { get; init; } = true;

    /// <summary>Tests whose names hold one of these are run, and count neither against a change nor for it when they fail.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Parts of tests' names, by the name of a level.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> Levels { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
}
