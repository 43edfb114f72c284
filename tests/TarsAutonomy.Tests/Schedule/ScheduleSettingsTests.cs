using TarsAutonomy.Schedule;

namespace TarsAutonomy.Tests.Schedule;

public sealed class ScheduleSettingsTests
{
    [Fact]
    public void Without_a_word_nights_begin_at_two_and_missed_ones_are_skipped()
    {
        var settings = ScheduleSettings.Default;
        Assert.Equal("0 2 * * *", settings.Cron.Text);
        Assert.Equal((null, MissedNights.Skip, false), (settings.TimeZone, settings.Missed, settings.StopAtWindowEnd));
    }

    [Fact]
    public void Everything_can_be_said()
    {
        var settings = Yaml.Sound("cron: 30 23 * * 1-5\ntime-zone: Asia/Tokyo\nwindows: ['22:00-06:00', '12:00-13:00']\nstop-at-window-end: true\nmissed: run-once", ScheduleSettings.Read);
        Assert.Equal("30 23 * * 1-5", settings.Cron.Text);
        Assert.Equal("Asia/Tokyo", settings.TimeZone?.Id);
        Assert.Equal(["22:00-06:00", "12:00-13:00"], settings.Windows.Select(window => window.ToString()));
        Assert.Equal((true, MissedNights.RunOnce), (settings.StopAtWindowEnd, settings.Missed));
    }

    [Theory]
    [InlineData("cron: 0 2 * *", "config.yaml:1:7: A cron expression has five fields")]
    [InlineData("cron: 0 2 30 2 *", "never comes.")]
    [InlineData("cron: 0 12 * * *\nwindows: ['22:00-06:00']", "never comes inside an allowed window")]
    [InlineData("time-zone: Mars/Olympus", "'Mars/Olympus' is not known here")]
    [InlineData("windows: ['22:00']", "'22:00' is no window")]
    [InlineData("windows: ['22:00-22:00']", "is no window")]
    [InlineData("windows: ['25:00-06:00']", "is no window")]
    [InlineData("stop-at-window-end: true", "no window whose end")]
    [InlineData("missed: run-twice", "'missed' is one of skip, run-once")]
    [InlineData("crom: 0 2 * * *", "Did you mean 'cron'")]
    public void What_can_not_be_is_said_with_its_line(string yaml, string problem) =>
        Assert.Contains(problem, Yaml.Problems(yaml, ScheduleSettings.Read), StringComparison.Ordinal);
}
