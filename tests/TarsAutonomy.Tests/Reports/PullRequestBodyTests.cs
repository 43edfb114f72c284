using TarsAutonomy.Reports;
using TarsAutonomy.Sessions;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.Tests.Reports;

public sealed class PullRequestBodyTests
{
    [Fact]
    public void It_has_the_seeds_title_and_sections_and_names_what_landed()
    {
        var request = Of(Nights.Details, Nights.Task(1, TaskOutcome.Landed), Nights.Task(2, TaskOutcome.Landed), Nights.Task(3, TaskOutcome.Landed), Nights.Task(4, TaskOutcome.Failed));
        Assert.Equal("Autonomous session: 3 tasks", request.Title);
        Assert.StartsWith("## Autonomous Session Results\n\n**Completed**: 3 tasks (NIGHT-3: 3 landed, 1 failed)\n\n### Tasks Completed:\n- ✅ ` task_1 ` ` Add a greeting ` (` c0ffee1 `)\n", request.Body, StringComparison.Ordinal);
        Assert.Contains("\n### Quality Checks:\n- ✅ 3 of 3 tasks passed our own run of their checks", request.Body, StringComparison.Ordinal);
        Assert.Contains("- ⚠️ 42 tests run for the last commit: 41 passed, 1 failed, 0 skipped", request.Body, StringComparison.Ordinal);
        Assert.EndsWith("\n**Review carefully before merging.**\n", request.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("task_4", request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void It_claims_nothing_that_was_not_checked()
    {
        var unproven = Of(id => Nights.Details(id)! with { Proven = false, Tests = null }, Nights.Task(1, TaskOutcome.Landed)).Body;
        Assert.Contains("⚠️ 1 task passed, with no test or check that proves the change", unproven, StringComparison.Ordinal);
        Assert.Contains("⚠️ No test figures are known", unproven, StringComparison.Ordinal);
        Assert.DoesNotContain("- ✅ 1 of 1", unproven, StringComparison.Ordinal);
        var gone = Of(_ => null, Nights.Task(1, TaskOutcome.Landed)).Body;
        Assert.Contains("⚠️ 1 task without a known verdict of ours", gone, StringComparison.Ordinal);
        var none = Of(id => Nights.Details(id)! with { Tests = new(3, 0, 0, 3) }, Nights.Task(1, TaskOutcome.Landed)).Body;
        Assert.Contains("⚠️ No tests were run for the last commit", none, StringComparison.Ordinal);
    }

    [Fact]
    public void What_else_was_checked_stands_beside_it()
    {
        var report = MorningReport.Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed)), [], id => Nights.Details(id)! with { Tests = new(42, 42, 0, 0) }, ReportSettings.Default);
        var body = PullRequestBody.Of(report, ["✅ Quality gate passed"]).Body;
        Assert.Contains("- ✅ 42 tests run for the last commit: 42 passed, 0 failed, 0 skipped\n- ✅ Quality gate passed\n", body, StringComparison.Ordinal);
    }

    [Fact]
    public void A_night_without_a_landed_task_claims_no_checks() =>
        Assert.Contains("### Quality Checks:\n\n**Review", Of(Nights.Details, Nights.Task(1, TaskOutcome.Failed)).Body, StringComparison.Ordinal);

    [Fact]
    public void Very_many_tasks_are_counted_not_listed()
    {
        var body = Of(Nights.Details, [.. Enumerable.Range(1, 500).Select(i => Nights.Task(i, TaskOutcome.Landed, new string('x', 10_000)))]).Body;
        Assert.Contains("- and 450 tasks more", body, StringComparison.Ordinal);
        Assert.InRange(body.Length, 1, 60_000);
    }

    private static PullRequestBody Of(Func<ContextId, ExecutionReport?> details, params NightTask[] tasks) =>
        PullRequestBody.Of(MorningReport.Of(Nights.Session(3, tasks), [], details, ReportSettings.Default));
}
