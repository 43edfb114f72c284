using System.Runtime.ExceptionServices;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>
/// Gathers the events of a run and stores them a few times a second in one transaction each, in order. A kill loses the last
/// moment of the log, never its middle. Safe from several threads.
/// </summary>
public sealed class EventBuffer : IDisposable
{
    private const int Full = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);
    private readonly ExecutionContextStore store;
    private readonly ContextId id;
    private readonly TimeProvider clock;
    private readonly ITimer timer;
    private readonly Lock gate = new();
    private readonly Lock writing = new();
    private List<ExecutionEvent> waiting = [];
    private ExceptionDispatchInfo? fault;

    public EventBuffer(ExecutionContextStore store, ContextId id, TimeProvider clock)
    {
        (this.store, this.id, this.clock) = (store, id, clock);
        timer = clock.CreateTimer(_ => FlushOnTimer(), null, Interval, Interval);
    }

    /// <summary>Adds an event, stamped with the time unless it has one.</summary>
    public void Add(ExecutionEvent one)
    {
        fault?.Throw();
        bool full;
        lock (gate)
        {
            waiting.Add(one.Time == default ? one with { Time = clock.GetUtcNow() } : one);
            full = waiting.Count >= Full;
        }
        if (full) Flush();
    }

    /// <summary>Stores what waits.</summary>
    public void Flush()
    {
        fault?.Throw();
        // One at a time: what was taken first is stored first.
        lock (writing)
        {
            List<ExecutionEvent> taken;
            lock (gate) (taken, waiting) = (waiting, []);
            store.Append(id, taken);
        }
    }

    /// <summary>Stores what waits and ends the timer.</summary>
    public void Dispose()
    {
        timer.Dispose();
        if (fault is null) Flush();
    }

    private void FlushOnTimer()
    {
        try
        {
            Flush();
        }
        catch (Exception error)
        {
            // On a timer's thread nobody would hear of it: the next Add or Flush throws it.
            fault ??= ExceptionDispatchInfo.Capture(error);
        }
    }
}
