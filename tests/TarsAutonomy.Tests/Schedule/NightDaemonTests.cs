using TarsAutonomy.Schedule;

namespace TarsAutonomy.Tests.Schedule;

public sealed class NightDaemonTests : IDisposable
{
    private readonly LeapingClock clock = new(Utc("2025-01-01T12:00"));
    private readonly CancellationTokenSource stop = new(TimeSpan.FromSeconds(60));
    private readonly List<DateTimeOffset> nights = [];
    private Action<DateTimeOffset> between = _ => { };
    private bool running;

    public void Dispose() => stop.Dispose();

    [Fact]
    public async Task Every_night_of_a_month_begins_once_and_at_its_time()
    {
        await RunAsync("cron: 0 2 * * *", null, 31);
        Assert.Equal(Enumerable.Range(0, 31).Select(day => Utc("2025-01-02T02:00").AddDays(day)), nights);
    }

    [Fact]
    public async Task Through_both_changes_of_the_clock_there_is_one_night_a_day()
    {
        clock.Jump(TimeSpan.FromDays(80));
        await RunAsync("cron: 30 2 * * *\ntime-zone: Europe/Berlin", null, 230);
        Assert.Equal(230, nights.Select(night => TimeZoneInfo.ConvertTimeBySystemTimeZoneId(night, "Europe/Berlin").Date).Distinct().Count());
    }

    [Fact]
    public async Task While_it_waits_what_is_between_the_nights_is_done_each_minute()
    {
        var times = new List<DateTimeOffset>();
        between = times.Add;
        await RunAsync("cron: 0 13 * * *", null, 1);
        Assert.InRange(times.Count, 60, 61);
    }

    [Theory]
    [InlineData("skip", 1)]
    [InlineData("run-once", 2)]
    public async Task What_was_missed_while_nobody_was_there_is_handled_as_configured(string missed, int atNoon)
    {
        await RunAsync($"missed: {missed}", Utc("2024-12-25T02:00"), 2);
        Assert.Equal(atNoon == 2 ? Utc("2025-01-01T12:00") : Utc("2025-01-02T02:00"), nights[0]);
        Assert.Equal(atNoon == 2 ? Utc("2025-01-02T02:00") : Utc("2025-01-03T02:00"), nights[1]);
    }

    [Fact]
    public async Task A_machine_that_slept_over_the_time_begins_the_next_night_only()
    {
        between = now =>
        {
            // From just before two until the morning.
            if (now == Utc("2025-01-02T01:59")) clock.Jump(TimeSpan.FromHours(6));
        };
        await RunAsync("cron: 0 2 * * *", null, 1);
        Assert.Equal([Utc("2025-01-03T02:00")], nights);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_after_a_night_does_not_bring_it_again()
    {
        var set = false;
        between = now =>
        {
            if (set || nights.Count != 1) return;
            set = true;
            clock.Jump(TimeSpan.FromHours(-3));
        };
        await RunAsync("cron: 0 2 * * *", null, 2);
        Assert.Equal([Utc("2025-01-02T02:00"), Utc("2025-01-03T02:00")], nights);
    }

    [Fact]
    public async Task A_clock_that_was_years_ahead_does_not_end_the_nights()
    {
        await RunAsync("cron: 0 2 * * *", Utc("2031-01-01T00:00"), 1);
        Assert.Equal([Utc("2025-01-02T02:00")], nights);
    }

    [Fact]
    public async Task A_night_that_is_still_running_at_the_windows_end_is_asked_to_stop_and_the_next_one_comes()
    {
        var schedule = Of("cron: 0 2 * * *\nwindows: ['22:00-06:00']\nstop-at-window-end: true");
        var ends = new List<DateTimeOffset>();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NightDaemon.RunAsync(
            schedule, null,
            async asked =>
            {
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, asked);
                }
                finally
                {
                    ends.Add(clock.GetUtcNow());
                    if (ends.Count == 2) await stop.CancelAsync();
                }
            },
            _ => Task.CompletedTask, clock, stop.Token));
        Assert.Equal([Utc("2025-01-02T06:00"), Utc("2025-01-03T06:00")], ends);
    }

    [Fact]
    public async Task A_night_goes_on_beyond_its_window_where_nothing_else_is_said()
    {
        var schedule = Of("cron: 0 2 * * *\nwindows: ['22:00-06:00']");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NightDaemon.RunAsync(
            schedule, null,
            async asked =>
            {
                await Task.Delay(TimeSpan.FromHours(9), clock, asked);
                Assert.Equal(Utc("2025-01-02T11:00"), clock.GetUtcNow());
                await stop.CancelAsync();
            },
            _ => Task.CompletedTask, clock, stop.Token));
    }

    [Fact]
    public async Task Cancelling_the_daemon_ends_the_night_and_waits_for_it()
    {
        var settled = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NightDaemon.RunAsync(
            Of("cron: 0 2 * * *"), null,
            async asked =>
            {
                await stop.CancelAsync();
                Assert.True(asked.IsCancellationRequested);
                await Task.Yield();
                settled = true;
            },
            _ => Task.CompletedTask, clock, stop.Token));
        Assert.True(settled);
    }

    [Fact]
    public async Task What_breaks_a_night_ends_the_daemon() =>
        await Assert.ThrowsAsync<IOException>(() => NightDaemon.RunAsync(
            Of("cron: 0 2 * * *"), null, _ => throw new IOException("disk"), _ => Task.CompletedTask, clock, stop.Token));

    private async Task RunAsync(string yaml, DateTimeOffset? lastRun, int count) => await Assert.ThrowsAnyAsync<OperationCanceledException>(() => NightDaemon.RunAsync(
        Of(yaml), lastRun,
        async _ =>
        {
            Assert.False(running);
            running = true;
            nights.Add(clock.GetUtcNow());
            await Task.Yield();
            running = false;
            if (nights.Count == count) await stop.CancelAsync();
        },
        _ =>
        {
            between(clock.GetUtcNow());
            return Task.CompletedTask;
        },
        clock, stop.Token));

    private static NightSchedule Of(string yaml) => new(Yaml.Sound(yaml, ScheduleSettings.Read), TimeZoneInfo.Utc);

    private static DateTimeOffset Utc(string text) => new(DateTime.Parse(text), TimeSpan.Zero);
}
