using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using TarsEngine.Processes;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Sandbox;

/// <summary>
/// One command in one sandbox. The sandbox waits, set up, until its processes are in their control group; the command
/// starts only while we live to watch it; and this returns only when no process of it is left.
/// </summary>
internal sealed class BubblewrapRun : IDisposable
{
    private const int TooLargeFile = 25; // SIGXFSZ
    private const int SeccompAt = 3, InfoAt = 4, BlockAt = 5, StatusAt = 6, OptionsAt = 7, PasswdAt = 8, GroupAt = 9, HostsAt = 10;

    // A shell tells on its own stderr, and only there, when a signal ended what it ran; the exit code alone (128+n) can't be told
    // from a program that chose it. Its first line says that the sandbox stands; if nobody reads it any more, the shell dies of SIGPIPE.
    // 'exec' keeps names like 'test' from meaning the shell's own.
    private const string Script =
        """echo >&6; cd -- "$1" || exit; shift; exec 9>&2 2>&6 6>&-; trap : HUP INT QUIT TERM; (exec "$@" 2>&9 9>&-); exit $?""";

    // The sandbox's own: through a descriptor of the host's /dev/null root could change the mode of that.
    private const string WithoutInput = "exec </dev/null; ";

    private static readonly byte[] passwd = Encoding.ASCII.GetBytes("root:x:0:0:root:/:/bin/sh\nbox:x:1000:1000:box:/tmp/home:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n");
    private static readonly byte[] group = Encoding.ASCII.GetBytes("root:x:0:\nbox:x:1000:\nnogroup:x:65534:\n");
    private static readonly byte[] hosts = Encoding.ASCII.GetBytes("127.0.0.1 localhost box\n::1 localhost box\n");

    private readonly SafeFileHandle infoReader, infoWriter, blockReader, blockWriter, statusReader, statusWriter;
    private readonly List<SafeFileHandle> contents;
    private readonly ControlGroup controls;
    private readonly SandboxCommand command;
    private readonly SandboxNetwork? network;
    private readonly ChildCommand child;
    private readonly IReadOnlyList<string> writable;
    private readonly long startedNs;
    private readonly Lock ending = new();
    private SandboxLimit endedBecause;
    private long outputLeft;
    private LimitWatch? watch;
    private SafeFileHandle? firstProcess;
    private int firstProcessId;

    public BubblewrapRun(Bubblewrap program, SandboxPaths paths, Workspace? workspace, SandboxCommand command, ControlGroup controls, ChildOutput output, ChildOutput error, SandboxSeams? seams = null, SandboxNetwork? network = null)
    {
        (this.command, this.controls, this.network) = (command, controls, network);
        var options = BubblewrapOptions.Build(program, paths, workspace?.Folder, command, new(SeccompAt, InfoAt, BlockAt, PasswdAt, GroupAt, HostsAt), seams);
        (infoReader, infoWriter) = Descriptors.Pipe(weRead: true);
        (blockWriter, blockReader) = Descriptors.Pipe(weRead: false);
        (statusReader, statusWriter) = Descriptors.Pipe(weRead: true);
        contents =
        [
            Descriptors.MemoryFile("seccomp", SeccompFilter.Build(seams?.WithoutRules)), Descriptors.MemoryFile("options", options),
            Descriptors.MemoryFile("passwd", passwd), Descriptors.MemoryFile("group", group), Descriptors.MemoryFile("hosts", hosts),
        ];
        startedNs = FileUse.ChangedNsOf(Descriptors.Number(contents[0]));
        outputLeft = command.Limits.OutputBytes;
        writable = [.. command.Binds.Where(bind => bind.Writable).Select(bind => bind.HostFolder)];
        if (workspace is not null) writable = [workspace.WrittenFolder, .. writable];
        IReadOnlyList<string> arguments = ["--args", OptionsAt.ToString(CultureInfo.InvariantCulture), .. AbandonedSandboxes.Mark(OwnerMark.New()), "--", "/bin/sh", "-c", command.Input is null && command.LiveInput is null ? WithoutInput + Script : Script, "sh", Inside(workspace, command), .. command.Arguments];
        child = new ChildCommand(program.Program, arguments)
        {
            Input = command.Input ?? (command.LiveInput is null ? Stream.Null : null),
            LiveInput = command.LiveInput,
            Timeout = command.Timeout,
            Grace = command.Grace,
            OnOutput = Counted(output),
            OnError = Counted(error),
            Environment = seams?.InheritedEnvironment ?? new Dictionary<string, string>(StringComparer.Ordinal),
            Descriptors = [contents[0], infoWriter, blockReader, statusWriter, .. contents.Skip(1), .. seams?.InheritedDescriptors ?? []],
            PrivateMounts = ReadOnlyDevices.AreNeeded && seams is not { WithWritableDevices: true } ? [ReadOnlyDevices.Mount] : [],
            OnStarted = OnStarted,
            AskToEnd = _ => AskToEnd(),
        };
        if (workspace?.Overlay is { } overlay) child = overlay.ShownTo(child);
    }

    /// <summary>False after a run whose command never began: bubblewrap itself failed.</summary>
    public bool Began { get; private set; }

    public async Task<SandboxResult> RunAsync(CancellationToken cancellation)
    {
        ProcessResult result;
        try
        {
            result = await ChildProcess.RunAsync(child, cancellation);
        }
        catch (MountException failure)
        {
            throw BubblewrapDiagnosis.NoMount(failure);
        }
        finally
        {
            if (watch is not null) await watch.DisposeAsync();
            await Task.Run(AwaitLastProcess, CancellationToken.None);
        }
        var status = ReadStatus();
        Began = status.Length > 0;
        var killed = endedBecause != SandboxLimit.None ? Posix.SigKill : status.Length > 1 && result.ExitCode > 128 ? result.ExitCode - 128 : result.Signal;
        var limit = endedBecause != SandboxLimit.None ? endedBecause
            : result.TimedOut ? SandboxLimit.Time
            : controls.Reached() is var held and not SandboxLimit.None ? held
            : killed == TooLargeFile ? SandboxLimit.FileSize
            : result.ExitCode != 0 && watch is { IsTemporaryFull: true } ? SandboxLimit.Temporary
            : SandboxLimit.None;
        return new(killed is null ? result.ExitCode : null, killed, result.TimedOut, result.Duration, limit);
    }

    public void Dispose()
    {
        foreach (var handle in new[] { infoReader, infoWriter, blockReader, blockWriter, statusReader, statusWriter, firstProcess }) handle?.Dispose();
        foreach (var content in contents) content.Dispose();
    }

    private static string Inside(Workspace? workspace, SandboxCommand command) =>
        workspace is null ? "/" : Path.Combine(SandboxLayout.Codebase, command.WorkingFolder);

    /// <summary>On the child's own thread: bubblewrap has started and holds its first process back until we say so.</summary>
    private void OnStarted(int process)
    {
        // Our copies go, so that the pipes end with the sandbox.
        foreach (var handle in new[] { infoWriter, blockReader, statusWriter }) handle.Dispose();
        // While it sets itself up.
        controls.Create();
        firstProcessId = ReadFirstProcess();
        if (firstProcessId == 0) return;
        var descriptor = Posix.ProcessDescriptor(firstProcessId);
        if (descriptor < 0) return;
        firstProcess = Descriptors.Own(descriptor);
        ResourceLimits.Apply(firstProcessId, command.Limits);
        controls.Add(firstProcessId);
        // While nothing foreign runs in there yet.
        network?.Open(firstProcessId);
        watch = new(firstProcessId, writable, command.Limits, startedNs, controls, End);
        WriteByte(blockWriter);
        blockWriter.Dispose();
    }

    private ChildOutput Counted(ChildOutput sink) => bytes =>
    {
        outputLeft -= bytes.Length;
        if (outputLeft < 0) End(SandboxLimit.Output);
        else sink(bytes);
    };

    /// <summary>Kills the sandbox, from any thread; the first reason is the one that is told.</summary>
    private void End(SandboxLimit why)
    {
        lock (ending)
        {
            if (firstProcess is null || endedBecause != SandboxLimit.None) return;
            endedBecause = why;
            Posix.Signal(firstProcess, Posix.SigKill);
        }
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

    /// <summary>The first process of a PID namespace ends after all others in it: then nobody writes in the workspace any more.</summary>
    private void AwaitLastProcess()
    {
        if (firstProcess is null || WaitReadable(firstProcess, seconds: 0)) return;
        _ = Posix.Kill(firstProcessId, Posix.SigKill);
        if (!WaitReadable(firstProcess, seconds: 30))
            throw new IOException($"A process of '{command}' can't be killed (process {firstProcessId}): it hangs in the kernel, on a stuck disk perhaps.");
    }

    private byte[] ReadStatus()
    {
        Span<byte> buffer = stackalloc byte[4096];
        var count = ReadSome(statusReader, buffer);
        return buffer[..Math.Max(count, 0)].ToArray();
    }

    private static unsafe bool WaitReadable(SafeHandle handle, int seconds)
    {
        var entry = new Posix.PollEntry { Descriptor = Descriptors.Number(handle), Events = Posix.PollIn };
        int ready;
        do ready = Posix.Poll(&entry, 1, seconds * 1000);
        while (ready < 0 && Marshal.GetLastPInvokeError() == Posix.Intr);
        return ready > 0;
    }

    private static unsafe int ReadSome(SafeHandle handle, Span<byte> buffer)
    {
        fixed (byte* at = buffer) return (int)Posix.Read(Descriptors.Number(handle), at, buffer.Length);
    }

    private static unsafe void WriteByte(SafeHandle handle)
    {
        byte one = 1;
        _ = Posix.Write(Descriptors.Number(handle), &one, 1);
    }
}
