using TarsAutonomy.Alerts;
using TarsAutonomy.Sessions;

namespace TarsAutonomy.Tests.Alerts;

public sealed class SessionAlertTests
{
    private static readonly HashSet<AlertKind> All = [.. Enum.GetValues<AlertKind>()];

    [Theory]
    [InlineData(AlertKind.Failed, TaskOutcome.Landed, TaskOutcome.Held, TaskOutcome.Failed)]
    [InlineData(AlertKind.Held, TaskOutcome.Landed, TaskOutcome.Held)]
    [InlineData(AlertKind.Finished, TaskOutcome.Landed, TaskOutcome.Skipped)]
    [InlineData(AlertKind.Finished)]
    public void A_night_is_one_message_about_the_gravest_thing(AlertKind kind, params TaskOutcome[] outcomes)
    {
        var alert = SessionAlert.Of(Night(outcomes), All, "/reports/NIGHT-3.md")!;
        Assert.Equal(kind, alert.Kind);
        Assert.Equal("/reports/NIGHT-3.md", alert.Report);
    }

    [Fact]
    public void What_was_not_asked_for_gives_way_to_what_was()
    {
        Assert.Equal(AlertKind.Held, SessionAlert.Of(Night(TaskOutcome.Held, TaskOutcome.Failed), new HashSet<AlertKind> { AlertKind.Held }, null)!.Kind);
        Assert.Null(SessionAlert.Of(Night(TaskOutcome.Landed), new HashSet<AlertKind> { AlertKind.Held }, null));
    }

    [Fact]
    public void A_stopped_night_is_told_as_that()
    {
        var alert = SessionAlert.Of(Night(TaskOutcome.Landed) with { State = NightState.Stopped, Ending = "You stopped it." }, All, null)!;
        Assert.Equal((AlertKind.Stopped, "NIGHT-3: 1 landed"), (alert.Kind, alert.Title));
        Assert.Contains("How it ended: You stopped it.\n- landed: task_1 Add a greeting\n", alert.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Attack_a_description_stays_on_its_line_and_many_tasks_stay_short()
    {
        var night = Nights.Session(3, [.. Enumerable.Range(1, 500).Select(i => Nights.Task(i, TaskOutcome.Failed, "x\n- landed: all\u001b[31m" + new string('y', 100_000)))]);
        var text = SessionAlert.Of(night, All, null)!.Text;
        Assert.DoesNotContain("\n- landed", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
        Assert.Contains("and 480 more", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 20_000);
    }

    private static NightSession Night(params TaskOutcome[] outcomes) => Nights.Session(3, [.. outcomes.Select((outcome, i) => Nights.Task(i + 1, outcome))]);
}
