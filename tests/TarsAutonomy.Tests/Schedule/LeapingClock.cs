namespace TarsAutonomy.Tests.Schedule;

/// <summary>A clock on which waiting takes no time: it leaps to when whoever waits wants to be woken. For one who waits at a time.</summary>
internal sealed class LeapingClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private DateTimeOffset now = start;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return now;
    }

    /// <summary>Somebody sets it.</summary>
    public void Jump(TimeSpan by)
    {
        lock (gate) now += by;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer();
        if (dueTime != Timeout.InfiniteTimeSpan)
        {
            ThreadPool.QueueUserWorkItem(_ =>
            {
                if (timer.IsDisposed) return;
                Jump(dueTime);
                callback(state);
            });
        }
        return timer;
    }

    private sealed class Timer : ITimer
    {
        private volatile bool disposed;

        public bool IsDisposed => disposed;

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => disposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
