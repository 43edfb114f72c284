namespace TarsEngine.Configuration;

/// <summary>What is done about a change that no test would miss.</summary>
public enum ProbeMode
{
    /// <summary>It isn't looked for.</summary>
    Off,

    /// <summary>It is told, and lands.</summary>
    Tell,

    /// <summary>It waits for a person.</summary>
    Hold,
}

/// <summary>Small faults, put into the changed lines one at a time, to see whether any test notices.</summary>
public sealed record ProbeSettings
{
    public static ProbeSettings Default { get; } = new();

    public ProbeMode Mode { get; init; }

    /// <summary>The most that are tried.</summary>
    public int Faults { get; init; } = 10;

    /// <summary>No fault is begun after this.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);
}
