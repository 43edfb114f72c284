namespace TarsEngine.Sandbox;

/// <summary>A limit that a command ran into.</summary>
public enum SandboxLimit
{
    None,
    Time,
    Memory,
    Processes,

    /// <summary>What it wrote into the folders that it may write.</summary>
    Disk,

    /// <summary>Room in /tmp; told of a command that failed.</summary>
    Temporary,

    /// <summary>The size of a single file.</summary>
    FileSize,

    /// <summary>How much it said.</summary>
    Output,
}

/// <summary>How a command in the sandbox ended. Exactly one of exit code and signal is set.</summary>
public sealed record SandboxResult(int? ExitCode, int? Signal, bool TimedOut, TimeSpan Duration, SandboxLimit LimitReached);

/// <summary>What the host lets the sandbox enforce.</summary>
/// <param name="Available">False: nothing may run; <paramref name="Reason"/> and <paramref name="Remedy"/> say why and what to do.</param>
/// <param name="Protections">What is enforced, for people.</param>
/// <param name="Gaps">What this host does not let us enforce, each with its remedy.</param>
public sealed record SandboxStatus(
    bool Available, string Backend, IReadOnlyList<string> Protections, IReadOnlyList<string> Gaps, string? Reason = null, string? Remedy = null)
{
    /// <summary>Toolchains outside /usr that are shown inside.</summary>
    public IReadOnlyList<ToolchainFolder> Toolchains { get; init; } = [];

    /// <summary>Folders of the user's PATH that are not shown inside.</summary>
    public IReadOnlyList<string> FoldersLeftOut { get; init; } = [];

    /// <summary>The usual tools, as a command inside finds them.</summary>
    public IReadOnlyList<ToolFound> Tools { get; init; } = [];
}

/// <summary>The sandbox can't be enforced here, so nothing runs.</summary>
public sealed class SandboxUnavailableException(string reason, string remedy) : Exception($"The sandbox is not available: {reason} {remedy}")
{
    public string Reason { get; } = reason;

    /// <summary>What to do about it.</summary>
    public string Remedy { get; } = remedy;
}
