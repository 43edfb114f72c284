using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using TarsEngine.Processes;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox;

/// <summary>One command in bubblewrap, which waits, set up, until we have put its first process under its limits.</summary>
internal sealed class BubblewrapRun : SandboxRun
{
    private const int SeccompAt = 3, InfoAt = 4, BlockAt = 5, OptionsAt = 7, PasswdAt = 8, GroupAt = 9, HostsAt = 10;

    private static readonly byte[] passwd = Encoding.ASCII.GetBytes("root:x:0:0:root:/:/bin/sh\nbox:x:1000:1000:box:/tmp/home:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n");
    private static readonly byte[] group = Encoding.ASCII.GetBytes("root:x:0:\nbox:x:1000:\nnogroup:x:65534:\n");
    private static readonly byte[] hosts = Encoding.ASCII.GetBytes("127.0.0.1 localhost box\n::1 localhost box\n");

    private readonly SafeFileHandle infoReader, infoWriter, blockReader, blockWriter;
    private readonly List<SafeFileHandle> contents;
    private readonly SandboxNetwork? network;
    private readonly IReadOnlyList<string> writable;
    private readonly long startedNs;
    private int firstProcessId;

    public BubblewrapRun(Bubblewrap program, SandboxPaths paths, Workspace? workspace, SandboxCommand command, ControlGroup controls, ChildOutput output, ChildOutput error, SandboxSeams? seams = null, SandboxNetwork? network = null)
        : base(command, controls)
    {
        this.network = network;
        var options = BubblewrapOptions.Build(program, paths, workspace?.Folder, command, new(SeccompAt, InfoAt, BlockAt, PasswdAt, GroupAt, HostsAt), seams);
        (infoReader, infoWriter) = Descriptors.Pipe(weRead: true);
        (blockWriter, blockReader) = Descriptors.Pipe(weRead: false);
        contents =
        [
            Descriptors.MemoryFile("seccomp", SeccompFilter.Build(seams?.WithoutRules)), Descriptors.MemoryFile("options", options),
            Descriptors.MemoryFile("passwd", passwd), Descriptors.MemoryFile("group", group), Descriptors.MemoryFile("hosts", hosts),
        ];
        startedNs = FileUse.ChangedNsOf(Descriptors.Number(contents[0]));
        writable = [.. command.Binds.Where(bind => bind.Writable).Select(bind => bind.HostFolder)];
        if (workspace is not null) writable = [workspace.WrittenFolder, .. writable];
        IReadOnlyList<string> arguments =
        [
            "--args", OptionsAt.ToString(CultureInfo.InvariantCulture), .. AbandonedSandboxes.Mark(OwnerMark.New()),
            "--", .. Shell("", workspace is null ? "/" : Path.Combine(SandboxLayout.Codebase, command.WorkingFolder), command.Arguments),
        ];
        var child = Prepare(program.Program, arguments, output, error) with
        {
            Environment = seams?.InheritedEnvironment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Descriptors = [contents[0], infoWriter, blockReader, StatusWriter, .. contents.Skip(1), .. seams?.InheritedDescriptors ?? []],
            PrivateMounts = ReadOnlyDevices.AreNeeded && seams is not { WithWritableDevices: true } ? [ReadOnlyDevices.Mount] : [],
            OnStarted = OnStarted,
            AskToEnd = _ => AskToEnd(),
        };
        Child = workspace?.Overlay is { } overlay ? overlay.ShownTo(child) : child;
    }

    protected override ChildCommand Child { get; }

    public override void Dispose()
    {
        base.Dispose();
        foreach (var handle in contents.Concat([infoReader, infoWriter, blockReader, blockWriter])) handle.Dispose();
    }

    protected override void Kill() => Posix.Signal(FirstProcess!, Posix.SigKill);

    /// <summary>The first process of a PID namespace ends after all others in it: then nobody writes in the workspace any more.</summary>
    protected override void AwaitLastProcess()
    {
        if (FirstProcess is null || WaitReadable(FirstProcess, seconds: 0)) return;
        Kill();
        if (!WaitReadable(FirstProcess, seconds: 30))
            throw new IOException($"A process of '{Command}' can't be killed (process {firstProcessId}): it hangs in the kernel, on a stuck disk perhaps.");
    }

    /// <summary>On the child's own thread: bubblewrap has started and holds its first process back until we say so.</summary>
    private void OnStarted(int process)
    {
        // Our copies go, so that the pipes end with the sandbox.
        foreach (var handle in new[] { infoWriter, blockReader, StatusWriter }) handle.Dispose();
        // While it sets itself up.
        Controls.Create();
        firstProcessId = ReadFirstProcess();
        if (firstProcessId == 0 || !Hold(firstProcessId, writable, startedNs)) return;
        // While nothing foreign runs in there yet.
        network?.Open(firstProcessId);
        Release(blockWriter);
    }

    private int ReadFirstProcess()
    {
        var text = new StringBuilder();
        Span<byte> buffer = stackalloc byte[256];
        while (WaitReadable(infoReader, seconds: 30) && ReadSome(infoReader, buffer) is var count and > 0)
        {
            text.Append(Encoding.ASCII.GetString(buffer[..count]));
            if (buffer[..count].Contains((byte)'}')) break;
        }
        var digits = new string([.. text.ToString().SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(char.IsAsciiDigit)]);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var process) ? process : 0;
    }

    private void AskToEnd()
    {
        // The sandbox's session is led by its first process, which as an init does not heed SIGTERM itself.
        if (firstProcessId != 0) _ = Posix.Kill(-firstProcessId, Posix.SigTerm);
    }
}
