namespace TarsAutonomy.Schedule;

/// <summary>The loop that waits for the night. In the foreground: whoever wants it in the background has a service manager.</summary>
public static class NightDaemon
{
    /// <summary>The clock is looked at again after this: a machine sleeps, and clocks are set.</summary>
    public static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(10);

    /// <summary>A last run further ahead than this was written by a clock that was wrong.</summary>
    private static readonly TimeSpan MostSetBack = TimeSpan.FromDays(1);

    /// <summary>Runs nights, one at a time, until it is cancelled.</summary>
    /// <param name="lastRun">When the last session began; null when there was none: then nothing was missed.</param>
    /// <param name="night">Its token is cancelled with the daemon, and at the end of the allowed window where the settings say so.</param>
    /// <param name="between">Called about once a minute while no night runs, for what waits to be done, such as alerts; must be short.</param>
    /// <exception cref="OperationCanceledException">Always in the end, when nothing failed.</exception>
    public static async Task RunAsync(
        NightSchedule schedule, DateTimeOffset? lastRun, Func<CancellationToken, Task> night, Func<CancellationToken, Task> between, TimeProvider clock, CancellationToken cancellation)
    {
        var last = lastRun ?? clock.GetUtcNow();
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var now = clock.GetUtcNow();
            if (last - now > MostSetBack) last = now;
            if (schedule.IsDue(last, now))
            {
                last = now;
                await RunNightAsync(schedule, night, clock, cancellation);
            }
            else
            {
                await between(cancellation);
                await SleepAsync(schedule.Next(clock.GetUtcNow()), clock, cancellation);
            }
        }
    }

    private static async Task RunNightAsync(NightSchedule schedule, Func<CancellationToken, Task> night, TimeProvider clock, CancellationToken cancellation)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var ended = new CancellationTokenSource();
        var watch = schedule.Settings.StopAtWindowEnd ? StopAtWindowEndAsync(schedule, stop, clock, ended.Token) : Task.CompletedTask;
        try
        {
            await night(stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            // The window's end: an ordinary way for a night to end.
        }
        finally
        {
            await ended.CancelAsync();
            await watch;
        }
    }

    private static async Task StopAtWindowEndAsync(NightSchedule schedule, CancellationTokenSource stop, TimeProvider clock, CancellationToken ended)
    {
        if (schedule.WindowEnd(clock.GetUtcNow()) is not { } end) return;
        try
        {
            while (clock.GetUtcNow() is var now && now < end && schedule.IsAllowed(now)) await SleepAsync(end, clock, ended);
            await stop.CancelAsync();
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The night was done first.
        }
    }

    private static Task SleepAsync(DateTimeOffset? until, TimeProvider clock, CancellationToken cancellation)
    {
        var left = until is null ? LongestSleep : until.Value - clock.GetUtcNow();
        return Task.Delay(left > LongestSleep ? LongestSleep : left < ShortestSleep ? ShortestSleep : left, clock, cancellation);
    }
}
