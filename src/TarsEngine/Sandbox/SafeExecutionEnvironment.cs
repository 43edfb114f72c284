using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Processes;
using TarsEngine.Sandbox.Landlock;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox;

/// <summary>
/// Runs commands where they can do no harm: own user, process, network, IPC and host-name namespaces, an allow-list root,
/// no capabilities, filtered system calls, limits. Before the first command it tries to get out itself; when that works,
/// or the sandbox can't be set up, nothing runs. There is no quiet fallback.
/// </summary>
public sealed class SafeExecutionEnvironment
{
    private static readonly string[] kept = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc", "/proc", "/sys", "/dev", "/run", "/var/run", "/boot", SandboxLayout.Codebase, SandboxLayout.Packages, SandboxLayout.Results];
    private readonly SandboxPaths paths;
    private readonly Lazy<Task<ISandboxBackend>> backend;

    public SafeExecutionEnvironment(SandboxPaths paths)
    {
        this.paths = paths;
        backend = new(() => Task.Run(PrepareAsync));
    }

    /// <summary>What commands with a network share.</summary>
    public NetworkSettings Network { get; init; } = new();

    /// <summary>Removes control groups that killed processes left, or that were busy for a moment too long.</summary>
    /// <param name="wasKilled">A run was killed: its sandbox, if it was just starting, is looked for and ended.</param>
    internal static void Sweep(bool wasKilled)
    {
        if (wasKilled) AbandonedSandboxes.Sweep();
        ControlGroupHost.Sweep();
    }

    /// <summary>What may enforce the sandbox where bubblewrap can't; the user's own configuration alone says so.</summary>
    public Func<SandboxFallback> Fallback { get; init; } = () => SandboxFallback.None;

    /// <summary>What shows the codebase's history in a workspace that is to have it; null without git.</summary>
    internal ShownRepository? Repository { get; init; }

    /// <summary>Of tests alone.</summary>
    internal SandboxSeams? Seams { get; init; }

    /// <summary>What this host lets the sandbox enforce; runs the self-test once.</summary>
    public async Task<SandboxStatus> CheckAsync()
    {
        try
        {
            var prepared = await backend.Value;
            return WithTools(new(true, prepared.Name, prepared.Protections, prepared.Gaps));
        }
        catch (SandboxUnavailableException failure)
        {
            return WithTools(new(false, "bubblewrap", [], [], failure.Reason, failure.Remedy));
        }
    }

    private async Task<ISandboxBackend> PrepareAsync()
    {
        try
        {
            return await BubblewrapBackend.PrepareAsync(paths, Network, Seams);
        }
        catch (SandboxUnavailableException) when (Fallback() == SandboxFallback.Landlock)
        {
            return LandlockBackend.Prepare(paths);
        }
    }

    private SandboxStatus WithTools(SandboxStatus status) =>
        status with { Toolchains = paths.Toolchains, FoldersLeftOut = paths.FoldersLeftOut, Tools = ToolSurvey.Of(paths) };

    /// <summary>Where commands find the workspace's codebase; what they print names it.</summary>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced.</exception>
    public async Task<string> CodebaseOfAsync(Workspace workspace, CancellationToken cancellation) => (await backend.Value.WaitAsync(cancellation)).CodebaseOf(workspace);

    /// <summary>Runs a command in the workspace. When this returns or throws, no process of it is left.</summary>
    /// <param name="output">Takes standard output; called from one thread for both streams.</param>
    /// <param name="error">Takes standard error.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    public async Task<SandboxResult> RunAsync(
        Workspace workspace, SandboxCommand command, ChildOutput output, ChildOutput error, CancellationToken cancellation)
    {
        Check(command);
        var prepared = await backend.Value.WaitAsync(cancellation);
        if (workspace.WithRepository && Repository is not null) command = command with { Binds = [.. await Repository.ShowAsync(workspace, cancellation), .. command.Binds] };
        if (workspace.Turn is not { } turn) return await prepared.RunAsync(workspace, command, output, error, cancellation);
        await turn.WaitAsync(cancellation);
        try
        {
            return await prepared.RunAsync(workspace, command, output, error, cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Why a folder of the host can't be shown inside at its own place, whoever asks; null when it can.</summary>
    public string? WhyNotShown(string folder, string codebase)
    {
        var real = RealPath.Of(folder);
        if (Overlaps(real, codebase)) return "it holds the codebase, or lies in it; a command works on a copy of that.";
        if (Overlaps(real, paths.StateFolder)) return "it holds the state of TARS, or lies in it.";
        return kept.FirstOrDefault(place => SandboxPaths.IsUnder(folder, place) || SandboxPaths.IsUnder(real, place)) is { } taken ? $"{taken} is the system's, and the sandbox has its own."
            : folder == "/" || real == "/" ? "it is the whole system."
            : null;

        static bool Overlaps(string one, string other) => SandboxPaths.IsUnder(one, RealPath.Of(other)) || SandboxPaths.IsUnder(RealPath.Of(other), one);
    }

    private void Check(SandboxCommand command)
    {
        if (command.Arguments.Count == 0 || command.Arguments[0].Length == 0) throw new ArgumentException("The command names no program.", nameof(command));
        if (command.Timeout <= TimeSpan.Zero) throw new ArgumentException("The command has no time to run in.", nameof(command));
        if (command.WorkingFolder.Length > 0) _ = RepositoryPath.Parse(command.WorkingFolder);
        foreach (var bind in command.Binds)
        {
            if (SandboxPaths.IsUnder(paths.StateFolder, bind.HostFolder))
                throw new ArgumentException($"'{bind.HostFolder}' holds the state folder: it can't be shown inside.", nameof(command));
            if (SandboxPaths.IsUnder(SandboxLayout.Codebase, bind.InsidePath) || bind.InsidePath.Contains("..", StringComparison.Ordinal))
                throw new ArgumentException($"'{bind.InsidePath}' is no place for a folder of the host.", nameof(command));
        }
    }
}
