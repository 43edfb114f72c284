using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox;

/// <summary>
/// One command in one sandbox, whatever enforces it. The command is held back until its processes are under their limits, starts only while
/// we live to watch it, and <see cref="RunAsync"/> returns only when no process of it is left.
/// </summary>
internal abstract class SandboxRun : IDisposable
{
    protected const int StatusAt = 6;
    private const int TooLargeFile = 25; // SIGXFSZ

    // A shell tells on its own stderr, and only there, when a signal ended what it ran; the exit code alone (128+n) can't be told
    // from a program that chose it. Its first line says that the sandbox stands; if nobody reads it any more, the shell dies of SIGPIPE.
    // 'exec' keeps names like 'test' from meaning the shell's own.
    private const string Script =
        """echo >&6; cd -- "$1" || exit; shift; exec 9>&2 2>&6 6>&-; trap : HUP INT QUIT TERM; (exec "$@" 2>&9 9>&-); exit $?""";

    // The sandbox's own: through a descriptor of the host's /dev/null root could change the mode of that.
    private const string WithoutInput = "exec </dev/null; ";

    private readonly Lock ending = new();
    private readonly SafeFileHandle statusReader;
    private SandboxLimit endedBecause;
    private long outputLeft;
    private LimitWatch? watch;

    protected SandboxRun(SandboxCommand command, ControlGroup controls)
    {
        (Command, Controls) = (command, controls);
        (statusReader, StatusWriter) = Descriptors.Pipe(weRead: true);
        outputLeft = command.Limits.OutputBytes;
    }

    /// <summary>False after a run whose command never began: the sandbox itself failed.</summary>
    public bool Began { get; private set; }

    protected SandboxCommand Command { get; }

    protected ControlGroup Controls { get; }

    /// <summary>The shell's, as its descriptor <see cref="StatusAt"/>.</summary>
    protected SafeFileHandle StatusWriter { get; }

    /// <summary>A descriptor of the process at the top; null before it is known.</summary>
    protected SafeFileHandle? FirstProcess { get; private set; }

    protected abstract ChildCommand Child { get; }

    public async Task<SandboxResult> RunAsync(CancellationToken cancellation)
    {
        ProcessResult result;
        try
        {
            result = await ChildProcess.RunAsync(Child, cancellation);
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
            : Controls.Reached() is var held and not SandboxLimit.None ? held
            : killed == TooLargeFile ? SandboxLimit.FileSize
            : result.ExitCode != 0 && watch is { IsTemporaryFull: true } ? SandboxLimit.Temporary
            : SandboxLimit.None;
        return new(killed is null ? result.ExitCode : null, killed, result.TimedOut, result.Duration, limit);
    }

    public virtual void Dispose()
    {
        foreach (var handle in new[] { statusReader, StatusWriter, FirstProcess }) handle?.Dispose();
    }

    /// <summary>The shell that runs the command, with its arguments.</summary>
    /// <param name="before">A line of shell before all others.</param>
    /// <param name="folder">Where the command starts.</param>
    protected IReadOnlyList<string> Shell(string before, string folder, IReadOnlyList<string> arguments) =>
        ["/bin/sh", "-c", before + (Command.Input is null && Command.LiveInput is null ? WithoutInput : "") + Script, "sh", folder, .. arguments];

    /// <summary>What every child has: streams, times.</summary>
    protected ChildCommand Prepare(string program, IReadOnlyList<string> arguments, ChildOutput output, ChildOutput error) => new(program, arguments)
    {
        Input = Command.Input ?? (Command.LiveInput is null ? Stream.Null : null),
        LiveInput = Command.LiveInput,
        Timeout = Command.Timeout,
        Grace = Command.Grace,
        OnOutput = Counted(output),
        OnError = Counted(error),
    };

    /// <summary>Knows the process at the top from now on, and puts it under its limits.</summary>
    /// <param name="written">Folders of the host that it may write.</param>
    /// <returns>False when it has gone already.</returns>
    protected bool Hold(int firstProcess, IReadOnlyList<string> written, long startedNs)
    {
        var descriptor = Posix.ProcessDescriptor(firstProcess);
        if (descriptor < 0) return false;
        FirstProcess = Descriptors.Own(descriptor);
        ResourceLimits.Apply(firstProcess, Command.Limits);
        Controls.Add(firstProcess);
        watch = new(firstProcess, written, Command.Limits, startedNs, Controls, End);
        return true;
    }

    /// <summary>Kills every process of the command.</summary>
    protected abstract void Kill();

    /// <summary>When this returns, no process of the command is left.</summary>
    protected abstract void AwaitLastProcess();

    protected static unsafe bool WaitReadable(SafeHandle handle, int seconds)
    {
        var entry = new Posix.PollEntry { Descriptor = Descriptors.Number(handle), Events = Posix.PollIn };
        int ready;
        do ready = Posix.Poll(&entry, 1, seconds * 1000);
        while (ready < 0 && Marshal.GetLastPInvokeError() == Posix.Intr);
        return ready > 0;
    }

    protected static unsafe int ReadSome(SafeHandle handle, Span<byte> buffer)
    {
        fixed (byte* at = buffer) return (int)Posix.Read(Descriptors.Number(handle), at, buffer.Length);
    }

    /// <summary>Lets go of what waits for a byte.</summary>
    protected static unsafe void Release(SafeHandle handle)
    {
        var line = (byte)'\n';
        _ = Posix.Write(Descriptors.Number(handle), &line, 1);
        handle.Dispose();
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
            if (FirstProcess is null || endedBecause != SandboxLimit.None) return;
            endedBecause = why;
            Kill();
        }
    }

    private byte[] ReadStatus()
    {
        Span<byte> buffer = stackalloc byte[4096];
        var count = ReadSome(statusReader, buffer);
        return buffer[..Math.Max(count, 0)].ToArray();
    }
}
