using TarsAutonomy.Schedule;

namespace TarsAutonomy.Tests.Schedule;

public sealed class NightScheduleTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Times_are_those_of_the_named_zone_whatever_the_machines_is()
    {
        var schedule = Of("cron: 0 2 * * *\ntime-zone: Europe/Berlin");
        Assert.Equal(Utc("2025-01-15T01:00"), schedule.Next(Utc("2025-01-15T00:00")));
        Assert.Equal(Utc("2025-07-15T00:00"), schedule.Next(Utc("2025-07-14T12:00")));
    }

    [Fact]
    public void Without_a_zone_the_machines_own_counts() =>
        Assert.Equal(Utc("2025-01-15T01:00"), new NightSchedule(ScheduleSettings.Default, Berlin).Next(Utc("2025-01-15T00:00")));

    [Fact]
    public void A_night_in_the_hour_that_the_clock_is_put_forward_over_comes_once_right_after_it()
    {
        // 2025-03-30, 02:00 becomes 03:00.
        var schedule = Of("cron: 30 2 * * *\ntime-zone: Europe/Berlin");
        Assert.Equal(Utc("2025-03-30T01:00"), schedule.Next(Utc("2025-03-29T12:00")));
        Assert.Equal(Utc("2025-03-31T00:30"), schedule.Next(Utc("2025-03-30T01:00")));
        // Several of one hour become one.
        var often = Of("cron: '*/15 2 * * *'\ntime-zone: Europe/Berlin");
        Assert.Equal([Utc("2025-03-30T01:00"), Utc("2025-03-31T00:00")], Nights(often, Utc("2025-03-29T12:00"), 2));
    }

    [Fact]
    public void A_night_in_the_hour_that_the_clock_shows_twice_comes_once()
    {
        // 2025-10-26, 03:00 becomes 02:00.
        var schedule = Of("cron: 30 2 * * *\ntime-zone: Europe/Berlin");
        Assert.Equal(
            [Utc("2025-10-25T00:30"), Utc("2025-10-26T00:30"), Utc("2025-10-27T01:30")], Nights(schedule, Utc("2025-10-24T12:00"), 3));
        // Also for somebody who looks only in the second of the two hours.
        Assert.Equal(Utc("2025-10-27T01:30"), schedule.Next(Utc("2025-10-26T01:10")));
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Asia/Kathmandu")]
    public void A_daily_night_comes_exactly_once_a_day_all_year_in_any_zone(string zone)
    {
        var schedule = Of($"cron: 10 2 * * *\ntime-zone: {zone}");
        var nights = Nights(schedule, Utc("2024-12-31T12:00"), 365);
        var days = nights.Select(night => TimeZoneInfo.ConvertTime(night, schedule.Zone).Date).ToList();
        Assert.Equal(days.Distinct().Count(), days.Count);
        Assert.Equal(TimeSpan.FromDays(364), days[^1] - days[0]);
    }

    [Fact]
    public void A_night_outside_the_windows_is_not_begun()
    {
        var schedule = Of("cron: 0 */3 * * *\nwindows: ['22:00-06:00']");
        Assert.Equal([Utc("2025-01-01T03:00"), Utc("2025-01-02T00:00"), Utc("2025-01-02T03:00")], Nights(schedule, Utc("2025-01-01T01:00"), 3));
        Assert.True(schedule.IsAllowed(Utc("2025-01-01T22:00")));
        Assert.True(schedule.IsAllowed(Utc("2025-01-01T05:59")));
        Assert.False(schedule.IsAllowed(Utc("2025-01-01T06:00")));
        Assert.False(schedule.IsAllowed(Utc("2025-01-01T21:59")));
    }

    [Theory]
    [InlineData("['22:00-06:00']", "2025-01-01T23:00", "2025-01-02T06:00")]
    [InlineData("['22:00-06:00']", "2025-01-02T05:00", "2025-01-02T06:00")]
    [InlineData("['22:00-24:00', '00:00-06:00']", "2025-01-01T23:00", "2025-01-02T06:00")]
    [InlineData("['01:00-04:00', '02:00-05:00']", "2025-01-01T02:30", "2025-01-01T05:00")]
    [InlineData("['22:00-06:00']", "2025-01-01T12:00", null)]
    [InlineData("['00:00-12:00', '12:00-24:00']", "2025-01-01T12:00", null)]
    public void A_window_ends_where_it_says_with_those_that_follow_it(string windows, string at, string? end) =>
        Assert.Equal(end is null ? null : Utc(end), Of($"cron: '0 * * * *'\nwindows: {windows}").WindowEnd(Utc(at)));

    [Fact]
    public void A_window_ends_by_the_clock_on_the_wall_also_in_the_night_that_has_an_hour_less() =>
        Assert.Equal(Utc("2025-03-30T04:00"), Of("windows: ['22:00-06:00']\ntime-zone: Europe/Berlin").WindowEnd(Utc("2025-03-29T23:00")));

    [Theory]
    [InlineData("skip", "2025-01-01T02:00", true)]
    [InlineData("skip", "2025-01-01T02:04", true)]
    [InlineData("skip", "2025-01-01T02:06", false)]
    [InlineData("skip", "2025-01-01T09:00", false)]
    [InlineData("run-once", "2025-01-01T09:00", true)]
    [InlineData("run-once", "2025-02-01T09:00", true)]
    [InlineData("run-once", "2025-01-01T01:59", false)]
    public void A_missed_night_is_made_up_for_only_where_that_is_asked_for(string missed, string now, bool due) =>
        Assert.Equal(due, Of($"missed: {missed}").IsDue(Utc("2024-12-31T02:00"), Utc(now)));

    [Fact]
    public void A_night_that_has_begun_is_not_due_again()
    {
        var schedule = Of("missed: run-once");
        Assert.False(schedule.IsDue(Utc("2025-01-01T02:00").AddSeconds(0.2), Utc("2025-01-01T02:01")));
        Assert.False(schedule.IsDue(Utc("2025-01-01T02:00"), Utc("2025-01-01T02:00")));
        // A clock that was set back meets the same night once more.
        Assert.False(schedule.IsDue(Utc("2025-01-01T02:00"), Utc("2025-01-01T01:59")));
    }

    [Fact]
    public void A_missed_night_waits_for_its_window()
    {
        var schedule = Of("missed: run-once\nwindows: ['22:00-06:00']");
        Assert.False(schedule.IsDue(Utc("2024-12-31T02:00"), Utc("2025-01-01T09:00")));
        Assert.True(schedule.IsDue(Utc("2024-12-31T02:00"), Utc("2025-01-01T22:00")));
    }

    private static List<DateTimeOffset> Nights(NightSchedule schedule, DateTimeOffset after, int count)
    {
        var nights = new List<DateTimeOffset>();
        while (nights.Count < count) nights.Add(after = schedule.Next(after)!.Value);
        return nights;
    }

    private static NightSchedule Of(string yaml) => new(Yaml.Sound(yaml, ScheduleSettings.Read), TimeZoneInfo.Utc);

    private static DateTimeOffset Utc(string text) => new(DateTime.Parse(text), TimeSpan.Zero);
}
