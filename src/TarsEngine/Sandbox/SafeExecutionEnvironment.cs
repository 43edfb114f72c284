using System.Runtime.InteropServices;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Processes;
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
    private static readonly TimeSpan setupTime = TimeSpan.FromSeconds(30);
    private readonly SandboxPaths paths;
    private readonly Lazy<Task<Preparation>> preparation;

    public SafeExecutionEnvironment(SandboxPaths paths)
    {
        this.paths = paths;
        preparation = new(() => Task.Run(PrepareAsync));
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

    /// <summary>Of tests alone.</summary>
    internal SandboxSeams? Seams { get; init; }

    /// <summary>What this host lets the sandbox enforce; runs the self-test once.</summary>
    public async Task<SandboxStatus> CheckAsync()
    {
        try
        {
            var prepared = await preparation.Value;
            return WithTools(new(true, $"bubblewrap {prepared.Program.Version} ({prepared.Program.Program})", prepared.Protections, prepared.Gaps));
        }
        catch (SandboxUnavailableException failure)
        {
            return WithTools(new(false, "bubblewrap", [], [], failure.Reason, failure.Remedy));
        }
    }

    private SandboxStatus WithTools(SandboxStatus status) =>
        status with { Toolchains = paths.Toolchains, FoldersLeftOut = paths.FoldersLeftOut, Tools = ToolSurvey.Of(paths) };

    /// <summary>Runs a command in the workspace. When this returns or throws, no process of it is left.</summary>
    /// <param name="output">Takes standard output; called from one thread for both streams.</param>
    /// <param name="error">Takes standard error.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    public async Task<SandboxResult> RunAsync(
        Workspace workspace, SandboxCommand command, ChildOutput output, ChildOutput error, CancellationToken cancellation)
    {
        Check(command);
        var prepared = await preparation.Value.WaitAsync(cancellation);
        if (workspace.Turn is not { } turn) return await RunAsync(prepared.Program, prepared.Controls, workspace, command, output, error, cancellation);
        await turn.WaitAsync(cancellation);
        try
        {
            return await RunAsync(prepared.Program, prepared.Controls, workspace, command, output, error, cancellation);
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

    private async Task<SandboxResult> RunAsync(
        Bubblewrap program, ControlGroupHost controls, Workspace? workspace, SandboxCommand command, ChildOutput output, ChildOutput error, CancellationToken cancellation)
    {
        var complaint = new MemoryStream();
        if (command.Network is { } access) command = command with { Credentials = [.. command.Credentials, .. CredentialRoute.Of(access, Network.Environment)] };
        await using var network = SandboxNetwork.For(command, paths, Network);
        using var group = new ControlGroup(controls, command.Limits);
        using var run = new BubblewrapRun(program, paths, workspace, command, group, output, bytes =>
        {
            if (complaint.Length < 4096) complaint.Write(bytes);
            error(bytes);
        }, Seams, network);
        var result = await run.RunAsync(cancellation);
        if (run.Began || result.TimedOut) return result;
        throw BubblewrapDiagnosis.Explain(Encoding.UTF8.GetString(complaint.ToArray()), BubblewrapDiagnosis.ReadSwitch);
    }

    private async Task<Preparation> PrepareAsync()
    {
        if (!OperatingSystem.IsLinux()) throw BubblewrapDiagnosis.NotLinux();
        if (paths.Bubblewrap is null || !File.Exists(paths.Bubblewrap)) throw BubblewrapDiagnosis.Missing();
        _ = SystemCalls.Of(RuntimeInformation.OSArchitecture);
        var program = await ReadAbilitiesAsync(paths.Bubblewrap);
        var controls = Seams is { WithoutControlGroups: true } ? new(null, null, IsUnified: false) : ControlGroupHost.Find();
        Sweep(wasKilled: true);
        if (Seams is null) await TryToEscapeAsync(program, controls);
        return new(program, controls, Protections(controls), Gaps(program, controls));
    }

    private static async Task<Bubblewrap> ReadAbilitiesAsync(string path)
    {
        var version = await ChildProcess.RunAsync(new ChildCommand(path, ["--version"]) { Timeout = setupTime });
        var help = await ChildProcess.RunAsync(new ChildCommand(path, ["--help"]) { Timeout = setupTime });
        var options = help.OutputText + help.ErrorText;
        // An old setuid-root bubblewrap can't forbid nested namespaces itself; the filter does.
        var setuid = !OperatingSystem.IsWindows() && File.GetUnixFileMode(path).HasFlag(UnixFileMode.SetUser);
        return new(path, version.OutputText.Trim().Split(' ')[^1],
            options.Contains("--size ", StringComparison.Ordinal), !setuid && options.Contains("--disable-userns ", StringComparison.Ordinal));
    }

    private async Task TryToEscapeAsync(Bubblewrap program, ControlGroupHost controls)
    {
        var token = Guid.NewGuid().ToString("n");
        var said = new MemoryStream();
        var command = new SandboxCommand(SandboxSelfTest.Command(paths.WorkspacesFolder, paths.WorkspacesFolder, token), "", setupTime, new Dictionary<string, string>(StringComparer.Ordinal));
        await RunAsync(program, controls, workspace: null, command, said.Write, said.Write, CancellationToken.None);
        var lines = Encoding.UTF8.GetString(said.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines is [var only] && only == token) return;
        var escapes = lines.Where(line => line != token).Select(ByteText.Display);
        throw new SandboxUnavailableException(
            $"its self-test found a way out or broke off: {string.Join("; ", escapes)}.",
            "Nothing will run. Update bubblewrap; if that doesn't mend it, report this message.");
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

    private static List<string> Protections(ControlGroupHost controls)
    {
        List<string> protections =
        [
            "own user, process, network, IPC and host-name namespaces", "allow-list root, all of it read-only but the workspace and /tmp",
            "no capabilities, no way to gain any", "system calls filtered", "wall clock", "largest file, what is written in all, output",
            controls.Memory is not null ? "memory (control group)" : "memory (looked at ten times a second)",
        ];
        if (controls.Processes is not null) protections.Add("number of processes (control group)");
        else if (ResourceLimits.LimitsProcesses) protections.Add("number of processes (rlimit)");
        return protections;
    }

    private static List<string> Gaps(Bubblewrap program, ControlGroupHost controls)
    {
        List<string> gaps = [];
        if (controls.Memory is null) gaps.Add("memory is looked at ten times a second and can overshoot: this user may make no control group. Run under systemd ('systemd-run --user --scope -p Delegate=yes …') to have the kernel hold it.");
        if (controls.Processes is null && !ResourceLimits.LimitsProcesses) gaps.Add("the number of processes is not limited: this user may make no control group. Run under systemd ('systemd-run --user --scope -p Delegate=yes …') to allow it.");
        if (!program.HasSize) gaps.Add($"/tmp is not limited: bubblewrap {program.Version} can't. Install 0.7 or newer.");
        return gaps;
    }

    private sealed record Preparation(Bubblewrap Program, ControlGroupHost Controls, IReadOnlyList<string> Protections, IReadOnlyList<string> Gaps);
}
