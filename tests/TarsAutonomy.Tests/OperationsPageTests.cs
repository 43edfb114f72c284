using System.Runtime.CompilerServices;
using TarsAutonomy.Alerts;
using TarsAutonomy.Reports;
using TarsAutonomy.Schedule;
using TarsAutonomy.Telemetry;

namespace TarsAutonomy.Tests;

public sealed class OperationsPageTests
{
    [Fact]
    public void Every_key_that_the_page_shows_is_read_without_a_problem()
    {
        var page = Yaml.Map(Example());
        var (schedule, alerts, report, telemetry) = (page.OptionalMap("schedule")!, page.OptionalMap("alerts")!, page.OptionalMap("report")!, page.OptionalMap("telemetry")!);
        ScheduleSettings.Read(schedule);
        AlertSettings.Read(alerts);
        ReportSettings.Read(report);
        TelemetrySettings.Read(telemetry);
        page.Done();
        Assert.Empty(page.Problems.List);
    }

    [Fact]
    public void What_the_page_calls_a_default_is_one()
    {
        var page = Yaml.Map(Example());
        var alerts = AlertSettings.Read(page.OptionalMap("alerts")!);
        Assert.Equal(ScheduleSettings.Default.Cron.Text, ScheduleSettings.Read(page.OptionalMap("schedule")!).Cron.Text);
        Assert.Equal(AlertSettings.Default.On.Order(), alerts.On.Order());
        Assert.Equivalent(ReportSettings.Default with { Folder = "/home/you/nights" }, ReportSettings.Read(page.OptionalMap("report")!), strict: true);
        Assert.Equal(TelemetrySettings.Default.Flush, TelemetrySettings.Read(page.OptionalMap("telemetry")!).Flush);
    }

    private static string Example([CallerFilePath] string thisFile = "")
    {
        var text = File.ReadAllText(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "..", "docs", "night-shift-operations.md"));
        return text.Split("```yaml\n")[1].Split("```")[0];
    }
}
