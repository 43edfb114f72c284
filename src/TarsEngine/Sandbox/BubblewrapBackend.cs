using System.Runtime.InteropServices;
using System.Text;
using TarsEngine.Files;
using TarsEngine.Processes;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox;

/// <summary>The real one: bubblewrap with its namespaces, limits and filter. Tried, before it is relied on, by attempts to get out.</summary>
internal sealed class BubblewrapBackend : ISandboxBackend
{
    private static readonly TimeSpan setupTime = TimeSpan.FromSeconds(30);
    private readonly Bubblewrap program;
    private readonly SandboxPaths paths;
    private readonly NetworkSettings network;
    private readonly ControlGroupHost controls;
    private readonly SandboxSeams? seams;

    private BubblewrapBackend(Bubblewrap program, SandboxPaths paths, NetworkSettings network, ControlGroupHost controls, SandboxSeams? seams) =>
        (this.program, this.paths, this.network, this.controls, this.seams) = (program, paths, network, controls, seams);

    public string Name => $"bubblewrap {program.Version} ({program.Program})";

    public IReadOnlyList<string> Protections =>
    [
        "own user, process, network, IPC and host-name namespaces", "allow-list root, all of it read-only but the workspace and /tmp",
        "no capabilities, no way to gain any", "system calls filtered", .. controls.Protections,
    ];

    public IReadOnlyList<string> Gaps =>
        program.HasSize ? controls.Gaps : [.. controls.Gaps, $"/tmp is not limited: bubblewrap {program.Version} can't. Install 0.7 or newer."];

    /// <exception cref="SandboxUnavailableException">It does not work here, or does not hold.</exception>
    public static async Task<BubblewrapBackend> PrepareAsync(SandboxPaths paths, NetworkSettings network, SandboxSeams? seams)
    {
        if (!OperatingSystem.IsLinux()) throw BubblewrapDiagnosis.NotLinux();
        if (paths.Bubblewrap is null || !File.Exists(paths.Bubblewrap)) throw BubblewrapDiagnosis.Missing();
        _ = SystemCalls.Of(RuntimeInformation.OSArchitecture);
        var found = await ReadAbilitiesAsync(paths.Bubblewrap);
        var groups = seams is { WithoutControlGroups: true } ? new(null, null, IsUnified: false) : ControlGroupHost.Find();
        SafeExecutionEnvironment.Sweep(wasKilled: true);
        var backend = new BubblewrapBackend(found, paths, network, groups, seams);
        if (seams is null) await backend.TryToEscapeAsync();
        return backend;
    }

    public string CodebaseOf(Workspace workspace) => SandboxLayout.Codebase;

    public async Task<SandboxResult> RunAsync(Workspace? workspace, SandboxCommand command, ChildOutput output, ChildOutput error, CancellationToken cancellation)
    {
        var complaint = new MemoryStream();
        if (command.Network is { } access) command = command with { Credentials = [.. command.Credentials, .. CredentialRoute.Of(access, network.Environment)] };
        await using var opened = SandboxNetwork.For(command, paths, network);
        using var group = new ControlGroup(controls, command.Limits);
        using var run = new BubblewrapRun(program, paths, workspace, command, group, output, bytes =>
        {
            if (complaint.Length < 4096) complaint.Write(bytes);
            error(bytes);
        }, seams, opened);
        var result = await run.RunAsync(cancellation);
        if (run.Began || result.TimedOut) return result;
        throw BubblewrapDiagnosis.Explain(Encoding.UTF8.GetString(complaint.ToArray()), BubblewrapDiagnosis.ReadSwitch);
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

    private async Task TryToEscapeAsync()
    {
        var token = Guid.NewGuid().ToString("n");
        var said = new MemoryStream();
        var command = new SandboxCommand(SandboxSelfTest.Command(paths.WorkspacesFolder, paths.WorkspacesFolder, token), "", setupTime, new Dictionary<string, string>(StringComparer.Ordinal));
        await RunAsync(workspace: null, command, said.Write, said.Write, CancellationToken.None);
        var lines = Encoding.UTF8.GetString(said.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines is [var only] && only == token) return;
        var escapes = lines.Where(line => line != token).Select(ByteText.Display);
        throw new SandboxUnavailableException(
            $"its self-test found a way out or broke off: {string.Join("; ", escapes)}.",
            "Nothing will run. Update bubblewrap; if that doesn't mend it, report this message.");
    }
}
