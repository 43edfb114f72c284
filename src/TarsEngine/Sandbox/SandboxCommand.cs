using TarsEngine.Permissions;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox;

/// <summary>A command to run inside the sandbox.</summary>
/// <param name="Arguments">The program first: a name that is looked up on the sandbox's own PATH, or a path inside the sandbox.</param>
/// <param name="WorkingFolder">Relative to the codebase; empty for its root.</param>
/// <param name="Timeout">Wall clock; there is always one.</param>
/// <param name="Environment">Added to the sandbox's own environment, over which it wins.</param>
public sealed record SandboxCommand(
    IReadOnlyList<string> Arguments, string WorkingFolder, TimeSpan Timeout, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>More folders of the host to show inside. Decided by the engine alone: no improvement, configuration or repository may name one.</summary>
    public IReadOnlyList<SandboxBind> Binds { get; init; } = [];

    /// <summary>The hosts that it may speak to, through a proxy of ours; null, or no host allowed: there is no network at all.</summary>
    public NetworkAccess? Network { get; init; }

    /// <summary>Hosts to which the host's side adds a credential; each must be allowed by <see cref="Network"/> as well.</summary>
    public IReadOnlyList<CredentialRoute> Credentials { get; init; } = [];

    /// <summary>Told of every connection, on whatever thread it happens.</summary>
    public Action<SandboxConnection>? OnConnection { get; init; }

    public SandboxLimits Limits { get; init; } = new();

    /// <summary>What it reads from its standard input; null is the end of file at once.</summary>
    public Stream? Input { get; init; }

    /// <summary>A descriptor of ours (pipe, terminal, file) whose bytes are handed on as they come; never the descriptor itself.</summary>
    public System.Runtime.InteropServices.SafeHandle? LiveInput { get; init; }

    /// <summary>How long it may clean up after it was asked to end.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(2);

    public override string ToString() => string.Join(' ', Arguments.Select(Files.ByteText.Display));
}

/// <summary>A folder of the host, and where it is found inside.</summary>
public sealed record SandboxBind(string HostFolder, string InsidePath, bool Writable);

/// <summary>What one command may use. Bytes and processes are held by control groups, where the host lets us make one.</summary>
public sealed record SandboxLimits
{
    public long MemoryBytes { get; init; } = 8L << 30;

    /// <summary>Processes and threads together.</summary>
    public int Processes { get; init; } = 4096;

    /// <summary>Room in /tmp.</summary>
    public long TemporaryBytes { get; init; } = 1L << 30;

    /// <summary>The largest single file it may write.</summary>
    public long FileBytes { get; init; } = 8L << 30;

    /// <summary>All that it may write into its workspace and other folders, deleted files that are still open included.</summary>
    public long WorkspaceBytes { get; init; } = 10L << 30;

    /// <summary>How many files and folders it may write there.</summary>
    public long WorkspaceFiles { get; init; } = 2_000_000;

    /// <summary>Both streams together.</summary>
    public long OutputBytes { get; init; } = 8L << 30;
}

/// <summary>The fixed places inside every sandbox.</summary>
public static class SandboxLayout
{
    public const string Codebase = "/codebase";
    public const string Packages = "/pkgs";

    /// <summary>What was fetched for this codebase, read-only: in the form of NuGet's folder, and of npm's cache.</summary>
    public const string FetchedNuget = "/fetched/nuget";
    public const string FetchedNpm = "/fetched/npm";

    /// <summary>Where a fresh, writable folder for reports is bound: see <see cref="Workspace.CreateResultsFolder"/>.</summary>
    public const string Results = "/results";

    /// <summary>Its PATH, toolchains first.</summary>
    internal static IReadOnlyList<string> ProgramFolders(SandboxPaths paths) =>
        [.. paths.Toolchains.SelectMany(toolchain => toolchain.Programs), "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
}
