using Microsoft.Win32.SafeHandles;
using Tars.Benchmarks.Measuring;
using TarsEngine.Files;
using TarsEngine.Processes;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;

namespace Tars.Benchmarks.Cases;

/// <summary>What it costs to start a program that does nothing: in the open, in bubblewrap by hand (with the least that a build needs, and with all that ours shows and holds), and in ours.</summary>
internal sealed class SandboxSpawn : BenchmarkCase
{
    public override string Name => "sandbox/spawn";

    public override string What => "start and end of /bin/true";

    public override string? Goal => "within 2 ms of bwrap by hand with the same options";

    public override int Runs => 60;

    public override int WarmUp => 10;

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var copied = new WorkspaceFactory(bench.State, bench.Files, TimeProvider.System, OverlayKind.None).Create(TreeSnapshot.Empty, bench.Content, "bench-copied");
        var layered = bench.CreateWorkspace(("a", "a"));
        var command = Bench.Command("/bin/true");
        string[] byHand =
        [
            bench.Paths.Bubblewrap!, "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try", "--disable-userns",
            "--uid", "1000", "--gid", "1000", "--hostname", "box", "--cap-drop", "ALL", "--die-with-parent", "--new-session",
            "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--symlink", "usr/sbin", "/sbin",
            "--ro-bind-try", "/etc/ssl/certs", "/etc/ssl/certs", "--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache", "--ro-bind-try", "/etc/alternatives", "/etc/alternatives",
            "--dev", "/dev", "--proc", "/proc", "--size", "268435456", "--tmpfs", "/dev/shm", "--size", "1073741824", "--tmpfs", "/tmp", "--dir", "/run",
            "--bind", copied.Folder, "/codebase", "--remount-ro", "/", "--clearenv", "--setenv", "PATH", "/usr/bin:/bin", "/bin/true",
        ];
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            Variant.Timed("bwrap by hand, the same options", stop => RunSameAsync(stop)),
            Variant.Timed("bwrap by hand, the least options", stop => Bench.RunOnHostAsync(byHand, cancellation: stop)),
            Variant.Timed("bare", stop => Bench.RunOnHostAsync(["/bin/true"], cancellation: stop)),
            Variant.Timed("ours, copied workspace", stop => RunAsync(copied, stop)),
            Variant.Timed("ours, layered workspace", stop => RunAsync(layered, stop)),
        ]);

        // Without the handshake that puts it under limits.
        async Task RunSameAsync(CancellationToken stop)
        {
            using SafeFileHandle filter = Descriptors.MemoryFile("seccomp", SeccompFilter.Build()), passwd = Descriptors.MemoryFile("passwd", "x"u8), group = Descriptors.MemoryFile("group", "x"u8), hosts = Descriptors.MemoryFile("hosts", "x"u8);
            var options = BubblewrapOptions.Build(new(bench.Paths.Bubblewrap!, "", HasSize: true, HasDisableUserns: true), bench.Paths, copied.Folder, command, new(3, 0, 0, 4, 5, 6), new() { Options = WithoutHandshake });
            using var arguments = Descriptors.MemoryFile("options", options);
            var result = await ChildProcess.RunAsync(new ChildCommand(bench.Paths.Bubblewrap!, ["--args", "7", "--", .. command.Arguments]) { Descriptors = [filter, passwd, group, hosts, arguments] }, stop);
            if (!result.Succeeded) throw new InvalidOperationException($"bwrap ended with {result.ExitCode}: {result.ErrorText}");
        }

        static IReadOnlyList<string> WithoutHandshake(IReadOnlyList<string> options)
        {
            var at = options.ToList().IndexOf("--info-fd");
            return [.. options.Take(at), .. options.Skip(at + 4)];
        }

        async Task RunAsync(Workspace workspace, CancellationToken stop)
        {
            var result = await bench.Sandbox.RunAsync(workspace, command, _ => { }, _ => { }, stop);
            if (result.ExitCode != 0) throw new InvalidOperationException($"/bin/true ended with {result}.");
        }
    }
}
