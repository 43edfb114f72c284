using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;

namespace TarsEngine.Processes;

/// <summary>
/// A program run as a child: streams pumped without deadlock, ended gracefully and then by force with its whole process group.
/// Each child has a thread of its own that starts it, pumps it and outlives it: a parent-death signal follows the thread that started the child.
/// </summary>
public sealed class ChildProcess
{
    private readonly ChildCommand command;
    private readonly CancellationToken cancellation;
    private readonly TaskCompletionSource<ProcessResult> done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ChildProcess(ChildCommand command, CancellationToken cancellation) => (this.command, this.cancellation) = (command, cancellation);

    /// <summary>Runs it to its end. When this returns or throws, the child and its process group are gone.</summary>
    /// <exception cref="ProcessStartException">It did not start.</exception>
    /// <exception cref="OperationCanceledException">It was asked to end, then killed.</exception>
    public static Task<ProcessResult> RunAsync(ChildCommand command, CancellationToken cancellation = default)
    {
        if (cancellation.IsCancellationRequested) return Task.FromCanceled<ProcessResult>(cancellation);
        var child = new ChildProcess(command, cancellation);
        new Thread(child.Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "child " + Path.GetFileName(command.Program) }.Start();
        return child.done.Task;
    }

    private void Run()
    {
        try
        {
            var result = StartAndPump();
            if (result.WasCancelled || (cancellation.IsCancellationRequested && !result.Succeeded)) done.SetCanceled(cancellation);
            else done.SetResult(result);
        }
        catch (Exception failure)
        {
            done.SetException(failure);
        }
    }

    private int Start(IReadOnlyList<int> descriptors)
    {
        if (command.PrivateMounts.Count > 0) MountNamespace.Enter();
        foreach (var mount in command.PrivateMounts) mount();
        command.Confine?.Invoke();
        return Spawner.Start(command, descriptors);
    }

    // The thread that pumps stays free.
    private int StartConfined(IReadOnlyList<int> descriptors)
    {
        var process = 0;
        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(() =>
        {
            try
            {
                process = Start(descriptors);
            }
            catch (Exception failure)
            {
                failed = ExceptionDispatchInfo.Capture(failure);
            }
        });
        thread.Start();
        thread.Join();
        failed?.Throw();
        return process;
    }

    private ProcessResult StartAndPump()
    {
        var started = Stopwatch.GetTimestamp();
        using var wake = Descriptors.Event();
        using var registration = cancellation.Register(() => ChildPump.Signal(wake));
        var (output, childOutput) = Descriptors.Pipe(weRead: true);
        var (error, childError) = Descriptors.Pipe(weRead: true);
        var (input, childInput) = command.Input is null && command.LiveInput is null ? (null, Descriptors.Null()) : Descriptors.Pipe(weRead: false);
        using var ours = new ChildStreams(input, output, error);
        int process;
        using (childInput)
        using (childOutput)
        using (childError)
        {
            var descriptors = new SafeFileHandle[] { childInput, childOutput, childError }.Concat(command.Descriptors).Select(Descriptors.Number).ToList();
            process = command.Confine is null ? Start(descriptors) : StartConfined(descriptors);
        }
        return new ChildPump(command, process, ours, wake, started, cancellation).Pump();
    }
}

/// <summary>Our ends of a child's three streams; <see cref="Input"/> is null when the child has none.</summary>
internal sealed record ChildStreams(SafeFileHandle? Input, SafeFileHandle Output, SafeFileHandle Error) : IDisposable
{
    public void Dispose()
    {
        Input?.Dispose();
        Output.Dispose();
        Error.Dispose();
    }
}
