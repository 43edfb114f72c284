using Microsoft.Win32.SafeHandles;
using TarsEngine.Files;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox.Landlock;

/// <summary>One command confined by Landlock. Its shell waits until it is under its limits; at its end, whatever still carries its mark is killed.</summary>
internal sealed class LandlockRun : SandboxRun
{
    // Descriptors 3 to 5 are the reader that it waits on: the shell's own numbers stay those of every sandbox.
    private const string AwaitGo = "read -r go <&3 || exit; exec 3<&- 4<&- 5<&-; ";

    // Public parts, and what runtimes read of the machine.
    private static readonly string[] shown =
    [
        "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/etc/passwd", "/etc/group", "/etc/hosts", "/etc/nsswitch.conf", "/proc", "/sys/fs/cgroup", "/sys/devices/system/cpu", "/sys/kernel/mm",
    ];

    private static readonly string[] devices = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

    private readonly SafeFileHandle blockReader, blockWriter;
    private readonly IReadOnlyList<string> written;
    private readonly IReadOnlyList<SandboxBind> binds;
    private readonly string mark, temporary;
    private readonly SandboxPaths paths;
    private readonly Workspace workspace;

    public LandlockRun(SandboxPaths paths, Workspace workspace, SandboxCommand command, ControlGroup controls, ChildOutput output, ChildOutput error)
        : base(command, controls)
    {
        (this.paths, this.workspace) = (paths, workspace);
        // The workspace itself can't show what lies elsewhere.
        binds = [.. command.Binds.Where(bind => !SandboxPaths.IsUnder(bind.InsidePath, SandboxLayout.Codebase))];
        mark = OwnerMark.New();
        temporary = AbandonedSandboxes.MakeTemporary(mark);
        (blockWriter, blockReader) = Descriptors.Pipe(weRead: false);
        written = [workspace.WrittenFolder, temporary, .. binds.Where(bind => bind.Writable).Select(bind => bind.HostFolder)];
        var places = new HostPlaces(paths, workspace, binds, temporary);
        var environment = SandboxVariables.Of(paths, command).ToDictionary(pair => pair.Key, pair => places.In(pair.Value), StringComparer.Ordinal);
        environment["TMPDIR"] = temporary;
        environment[AbandonedSandboxes.MarkName] = mark;
        var shell = Shell(AwaitGo, Path.Combine(workspace.Folder, command.WorkingFolder), [.. command.Arguments.Select(places.In)]);
        var child = Prepare(shell[0], [.. shell.Skip(1)], output, error) with
        {
            Environment = environment,
            Descriptors = [blockReader, blockReader, blockReader, StatusWriter],
            Confine = Confine,
            OnStarted = OnStarted,
        };
        Child = workspace.Overlay is { } overlay ? overlay.ShownTo(child) : child;
    }

    protected override ChildCommand Child { get; }

    public override void Dispose()
    {
        base.Dispose();
        blockReader.Dispose();
        blockWriter.Dispose();
        AbandonedSandboxes.RemoveTemporary(mark);
    }

    protected override void Kill()
    {
        Posix.Signal(FirstProcess!, Posix.SigKill);
        foreach (var process in Left()) AbandonedSandboxes.Kill(process, IsOurs);
    }

    protected override void AwaitLastProcess()
    {
        if (FirstProcess is null) return;
        for (var attempt = 0; attempt < 300; attempt++)
        {
            Kill();
            if (Left().FirstOrDefault() is not (> 0 and var process)) return;
            using var descriptor = Descriptors.Own(Posix.ProcessDescriptor(process));
            if (!descriptor.IsInvalid) WaitReadable(descriptor, seconds: 1);
        }
        throw new IOException($"A process of '{Command}' can't be killed (process {Left().FirstOrDefault()}): it hangs in the kernel, on a stuck disk perhaps.");
    }

    /// <summary>On a thread that ends with it: the child is born with what this leaves.</summary>
    private void Confine()
    {
        using var rules = new LandlockRules();
        foreach (var path in shown.Concat(ShownFiles.Host).Concat(paths.Toolchains.SelectMany(toolchain => toolchain.Shown)).Append(paths.PackageFolder)) rules.AllowReading(path);
        foreach (var (folder, _) in ShownFiles.Fetched(paths)) rules.AllowReading(folder);
        foreach (var device in devices) rules.AllowWritingFile(device);
        rules.AllowAll(workspace.Folder);
        rules.AllowAll(temporary);
        rules.AllowAll(MutexFolder());
        foreach (var bind in binds)
        {
            if (bind.Writable) rules.AllowAll(bind.HostFolder);
            else rules.AllowReading(bind.HostFolder);
        }
        rules.Confine(SeccompFilter.Build());
    }

    /// <summary>.NET keeps its named mutexes there whatever TMPDIR says, and does not start without.</summary>
    private static string MutexFolder()
    {
        const string above = "/tmp", name = ".dotnet";
        var files = new FileSystem();
        using var folder = files.OpenRoot(above);
        if (files.Stat(folder, name) is null)
        {
            files.CreateDirectory(folder, name, 0b111_111_111);
            // As .NET itself makes it, whatever the mask of new files is.
            files.SetMode(folder, name, 0b1_111_111_111);
        }
        return Path.Combine(above, name);
    }

    private void OnStarted(int process)
    {
        blockReader.Dispose();
        StatusWriter.Dispose();
        Controls.Create();
        if (Hold(process, written, FileUse.ChangedNsOf(Descriptors.Number(blockWriter)))) Release(blockWriter);
    }

    private IEnumerable<int> Left() => Controls.Members().Union(AbandonedSandboxes.Marked(mark));

    private bool IsOurs(int process) => Left().Contains(process);
}
