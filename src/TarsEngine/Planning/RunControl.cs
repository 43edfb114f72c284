using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>
/// A run's side of its control: holds the run lock, looks every now and then for what other processes ask, and passes it on as a
/// cancellation token and a gate to wait at. Cancel is final.
/// </summary>
public sealed class RunControl : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private readonly ExecutionContextStore store;
    private readonly ContextId id;
    private readonly FileLock run;
    private readonly CancellationTokenSource cancellation;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private TaskCompletionSource resumed = Open();
    private bool disposed;

    /// <param name="run">The run's lock; let go when this is disposed.</param>
    /// <param name="outer">Ctrl+C, for one: it cancels the run too.</param>
    public RunControl(ExecutionContextStore store, ContextId id, FileLock run, TimeProvider clock, CancellationToken outer = default)
    {
        (this.store, this.id, this.run) = (store, id, run);
        cancellation = CancellationTokenSource.CreateLinkedTokenSource(outer);
        timer = clock.CreateTimer(_ => Poll(), null, TimeSpan.Zero, Interval);
    }

    /// <summary>Cancelled when anybody asked for that, or when the requests can no longer be read (see <see cref="Fault"/>).</summary>
    public CancellationToken Cancellation => cancellation.Token;

    public bool IsPaused
    {
        get
        {
            lock (gate) return !resumed.Task.IsCompleted;
        }
    }

    /// <summary>Why requests could not be read; null while they can. A run that nobody could stop must not go on.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Returns at once, or when the run is to go on.</summary>
    /// <exception cref="OperationCanceledException">It is to stop.</exception>
    public async Task WaitWhilePaused(CancellationToken ct = default)
    {
        Task wait;
        lock (gate) wait = resumed.Task;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, Cancellation);
        await wait.WaitAsync(both.Token);
        both.Token.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
        }
        run.Dispose();
        cancellation.Dispose();
    }

    private static TaskCompletionSource Open()
    {
        var open = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        open.SetResult();
        return open;
    }

    private void Poll()
    {
        lock (gate)
        {
            if (disposed || cancellation.IsCancellationRequested) return;
            try
            {
                Obey(store.ReadControl(id));
            }
            catch (Exception fault)
            {
                // On a timer's thread nobody else would hear of it, and it would end the process: the run stops and says why.
                Fault = fault;
                Cancel();
            }
        }
    }

    private void Obey(ControlRequest? request)
    {
        switch (request)
        {
            case ControlRequest.Cancel: Cancel(); break;
            case ControlRequest.Pause:
                if (resumed.Task.IsCompleted) resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
                break;
            default: resumed.TrySetResult(); break;
        }
    }

    // Elsewhere, so that what reacts to it doesn't run under our lock.
    private void Cancel() => _ = cancellation.CancelAsync();
}
