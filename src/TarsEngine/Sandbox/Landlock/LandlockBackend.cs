using System.Globalization;
using System.Runtime.InteropServices;
using TarsEngine.Processes;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox.Landlock;

/// <summary>
/// The weaker one, for hosts where bubblewrap can't work, such as containers without the right to make namespaces. Only the user's own
/// configuration allows it. It holds files, TCP and system calls; what it does not hold, its gaps say.
/// </summary>
internal sealed class LandlockBackend : ISandboxBackend
{
    private readonly SandboxPaths paths;
    private readonly ControlGroupHost controls;

    private LandlockBackend(SandboxPaths paths, ControlGroupHost controls) => (this.paths, this.controls) = (paths, controls);

    public string Name => string.Create(CultureInfo.InvariantCulture, $"Landlock (interface {LandlockRules.Interface}): the weaker fallback that your configuration allows");

    public IReadOnlyList<string> Protections =>
    [
        "files outside an allow-list can't be read, written or executed", "no TCP, neither out nor in", "no way to gain privileges", "system calls filtered",
        .. LandlockRules.HoldsSignals ? ["no signals to other processes"] : Array.Empty<string>(),
        .. LandlockRules.HoldsAbstractSockets ? ["no abstract sockets of other processes"] : Array.Empty<string>(),
        .. controls.Protections,
    ];

    public IReadOnlyList<string> Gaps
    {
        get
        {
            const string remedy = "Make bubblewrap work ('tarscli sandbox check' without the fallback tells how) to close it.";
            List<string> gaps =
            [
                $"modes, owners and times of files outside can be changed, as far as this user may. {remedy}",
                $"UDP and DNS are open, and so are Unix sockets with a path, such as Docker's, as far as this user may. {remedy}",
                $"names and sizes of files outside can be looked up, and what this user's other processes show in /proc be read, their environment variables included. {remedy}",
                $"the folder /tmp/.dotnet, where .NET's named mutexes lie, is shared with the host. {remedy}",
                $"tests that speak TCP to themselves fail (VSTest does), and commands have no network allow-list. {remedy}",
            ];
            if (controls.Processes is null && controls.Memory is null) gaps.Add($"a process that hides from us can outlive its command: this user may make no control group. {remedy}");
            if (!LandlockRules.HoldsSignals) gaps.Add("this kernel lets commands send signals to other processes of this user (Linux 6.15 does not).");
            return [.. gaps, .. controls.Gaps];
        }
    }

    /// <exception cref="SandboxUnavailableException">The kernel has no Landlock that would do, or it does not hold.</exception>
    public static LandlockBackend Prepare(SandboxPaths paths)
    {
        if (!OperatingSystem.IsLinux()) throw BubblewrapDiagnosis.NotLinux();
        _ = SystemCalls.Of(RuntimeInformation.OSArchitecture);
        if (LandlockRules.Interface < LandlockRules.OldestInterface)
        {
            throw new SandboxUnavailableException(
                string.Create(CultureInfo.InvariantCulture, $"the fallback that your configuration allows needs Landlock's interface {LandlockRules.OldestInterface} (Linux 6.7), and this kernel has {(LandlockRules.Interface == 0 ? "none, or it is switched off" : LandlockRules.Interface)}."),
                "Make bubblewrap work instead.");
        }
        LandlockSelfTest.Run(paths.WorkspacesFolder);
        SafeExecutionEnvironment.Sweep(wasKilled: true);
        return new(paths, ControlGroupHost.Find());
    }

    public string CodebaseOf(Workspace workspace) => workspace.Folder;

    public async Task<SandboxResult> RunAsync(Workspace? workspace, SandboxCommand command, ChildOutput output, ChildOutput error, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        if (SandboxNetwork.IsNeeded(command))
            throw new SandboxUnavailableException("the fallback 'landlock' has no network, and the command is to speak to hosts.", "Make bubblewrap work, or leave its hosts out.");
        using var group = new ControlGroup(controls, command.Limits);
        using var run = new LandlockRun(paths, workspace, command, group, output, error);
        var result = await run.RunAsync(cancellation);
        return run.Began || result.TimedOut ? result : throw new SandboxUnavailableException("the shell that starts commands did not start under Landlock.", "Report this message.");
    }
}
