using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TarsEngine.Processes;

/// <summary>The loop of one running child: one poll over its streams, its end, and our wish to end it.</summary>
internal sealed unsafe class ChildPump(
    ChildCommand command, int process, ChildStreams streams, SafeFileHandle wake, long started, CancellationToken cancellation)
{
    // A process that left the group may hold a pipe open for ever: after the child's end, this much is waited for more output.
    private static readonly TimeSpan drainTime = TimeSpan.FromMilliseconds(500);

    private readonly byte[] buffer = new byte[64 * 1024];
    private readonly OutputCollector output = new(command.OnOutput, command.KeepBytes);
    private readonly OutputCollector error = new(command.OnError, command.KeepBytes);
    private ReadOnlyMemory<byte> pendingInput;
    private byte[]? inputBuffer;
    private bool ended, timedOut, asked, killed;
    private long? killAt, drainUntil;

    /// <summary>Wakes the loop; callable from any thread while the handle lives.</summary>
    public static void Signal(SafeFileHandle wake)
    {
        ulong one = 1;
        _ = Posix.Write(Descriptors.Number(wake), (byte*)&one, sizeof(ulong));
    }

    public ProcessResult Pump()
    {
        try
        {
            using var end = Descriptors.Own(Posix.Check(Posix.ProcessDescriptor(process), "pidfd_open"));
            command.OnStarted?.Invoke(process);
            while (!Finished()) Turn(end);
        }
        catch
        {
            // Not reaped yet, so its id can't be anyone else's.
            _ = Posix.Kill(-process, Posix.SigKill);
            _ = Reap();
            throw;
        }
        var (exitCode, signal) = Reap();
        return new(exitCode, signal, timedOut, output.ToArray(), error.ToArray(), output.Truncated || error.Truncated, Stopwatch.GetElapsedTime(started)) { WasCancelled = asked && !timedOut };
    }

    private bool Finished() =>
        ended && ((streams.Output.IsClosed && streams.Error.IsClosed) || Stopwatch.GetTimestamp() >= drainUntil);

    private void Turn(SafeFileHandle end)
    {
        AdvanceEnding();
        var entries = stackalloc Posix.PollEntry[6];
        entries[0] = Entry(ended ? null : end, Posix.PollIn);
        entries[1] = Entry(asked ? null : wake, Posix.PollIn);
        entries[2] = Entry(streams.Output, Posix.PollIn);
        entries[3] = Entry(streams.Error, Posix.PollIn);
        // Without something to hand on, only the end of its reader is of interest.
        var waitsForInput = command.LiveInput is not null && pendingInput.IsEmpty;
        entries[4] = Entry(streams.Input, waitsForInput ? (short)0 : Posix.PollOut);
        entries[5] = Entry(waitsForInput && streams.Input is { IsClosed: false } ? command.LiveInput : null, Posix.PollIn);
        if (Posix.Poll(entries, 6, Milliseconds()) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == Posix.Intr) return;
            throw Posix.Failure("poll", errno);
        }
        if (entries[2].Returned != 0) Take(streams.Output, output);
        if (entries[3].Returned != 0) Take(streams.Error, error);
        if (entries[4].Returned != 0) Give(entries[4].Returned);
        if (entries[5].Returned != 0) Fetch();
        if (entries[0].Returned != 0) NoteEnd();
    }

    private static Posix.PollEntry Entry(SafeHandle? handle, short events) =>
        new() { Descriptor = handle is null or { IsClosed: true } ? -1 : Descriptors.Number(handle), Events = events };

    /// <summary>Out of time or cancelled: ask first, kill after the grace.</summary>
    private void AdvanceEnding()
    {
        if (ended) return;
        var late = command.Timeout != Timeout.InfiniteTimeSpan && Stopwatch.GetElapsedTime(started) >= command.Timeout;
        if (!asked && (late || cancellation.IsCancellationRequested))
        {
            asked = true;
            timedOut = !cancellation.IsCancellationRequested;
            killAt = After(command.Grace);
            if (command.AskToEnd is { } ask) ask(process);
            else _ = Posix.Kill(-process, Posix.SigTerm);
        }
        if (asked && !killed && Stopwatch.GetTimestamp() >= killAt)
        {
            killed = true;
            _ = Posix.Kill(-process, Posix.SigKill);
        }
    }

    private int Milliseconds()
    {
        var until = ended ? drainUntil : asked && !killed ? killAt : null;
        if (until is null && !asked && command.Timeout != Timeout.InfiniteTimeSpan)
            until = started + (long)(command.Timeout.TotalSeconds * Stopwatch.Frequency);
        if (until is null) return -1;
        var left = (until.Value - Stopwatch.GetTimestamp()) * 1000.0 / Stopwatch.Frequency;
        return (int)Math.Clamp(Math.Ceiling(left), 0, 60_000);
    }

    private static long After(TimeSpan time) => Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);

    private void NoteEnd()
    {
        ended = true;
        drainUntil = After(drainTime);
        streams.Input?.Dispose();
        // The leader is gone but not reaped: this ends what it left behind in its group.
        _ = Posix.Kill(-process, Posix.SigKill);
    }

    private void Take(SafeFileHandle from, OutputCollector to)
    {
        nint count;
        fixed (byte* at = buffer) count = Posix.Read(Descriptors.Number(from), at, buffer.Length);
        if (count > 0) to.Add(buffer.AsSpan(0, (int)count));
        else if (count == 0 || Marshal.GetLastPInvokeError() is not (Posix.Intr or Posix.Again)) from.Dispose();
    }

    private void Give(short returned)
    {
        if ((returned & Posix.PollBroken) != 0)
        {
            // The child closed its input early: its right.
            streams.Input!.Dispose();
            return;
        }
        if (pendingInput.IsEmpty)
        {
            if (command.LiveInput is not null) return;
            inputBuffer ??= new byte[64 * 1024];
            pendingInput = inputBuffer.AsMemory(0, command.Input!.Read(inputBuffer));
            if (pendingInput.IsEmpty)
            {
                streams.Input!.Dispose();
                return;
            }
        }
        nint written;
        fixed (byte* at = pendingInput.Span) written = Posix.Write(Descriptors.Number(streams.Input!), at, pendingInput.Length);
        if (written >= 0) pendingInput = pendingInput[(int)written..];
        else if (Marshal.GetLastPInvokeError() is not (Posix.Intr or Posix.Again)) streams.Input!.Dispose();
    }

    /// <summary>Takes what has come on the live input; its end ends the child's.</summary>
    private void Fetch()
    {
        if (streams.Input is null or { IsClosed: true }) return;
        inputBuffer ??= new byte[64 * 1024];
        nint count;
        fixed (byte* at = inputBuffer) count = Posix.Read(Descriptors.Number(command.LiveInput!), at, inputBuffer.Length);
        if (count > 0) pendingInput = inputBuffer.AsMemory(0, (int)count);
        else if (count == 0 || Marshal.GetLastPInvokeError() is not (Posix.Intr or Posix.Again)) streams.Input.Dispose();
    }

    private (int? ExitCode, int? Signal) Reap()
    {
        int status;
        while (Posix.WaitPid(process, &status, 0) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno != Posix.Intr)
                throw new IOException($"The end of '{command.Program}' was lost: {Marshal.GetPInvokeErrorMessage(errno)}. Start this program with SIGCHLD not ignored.", errno);
        }
        var signal = status & 0x7f;
        return signal == 0 ? ((status >> 8) & 0xff, null) : (null, signal);
    }
}
