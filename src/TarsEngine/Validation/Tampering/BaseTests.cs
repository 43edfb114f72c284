using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Tampering;

/// <summary>
/// Runs the base's own tests on the changed sources, where the change touched tests: what only passes since its test was edited waits for
/// a person, who sees both forms.
/// </summary>
internal sealed class BaseTests(TreeContent content, CleanRoom room, SecondRun secondRun, Func<TreeSnapshot, CheckPlan> planner)
{
    /// <param name="before">The base's run.</param>
    /// <param name="tampering">What the change did to tests.</param>
    public async Task<IReadOnlyList<Finding>> TryAsync(OneValidation validation, CheckRun before, TamperingResult tampering, CancellationToken cancellation)
    {
        var (tree, changes) = (validation.Request.Base, validation.Request.Changes);
        if (BaseForm.Of(tree, changes, tampering.Tests, content.Read) is not { } form || planner(form.Tree) is not { Checks.Count: > 0 } plan) return [];
        validation.Begin("base's tests");
        var judge = new BaseTestsJudge(before, tampering);
        var findings = await RunAsync(validation, before, form, plan, judge, cancellation);
        // Some of them may speak of what the change renamed: the others still tell something.
        var unbuilt = findings.Where(f => f.Rule == BaseTestsJudge.Unbuilt && f.Path is not null).Select(f => f.Path!.Value).ToHashSet();
        if (unbuilt.Count == 0 || form.Without(tree, changes, unbuilt) is not { } rest) return findings;
        validation.Say("Those that compile are tried without the others.");
        var more = await RunAsync(validation, before, rest, plan, judge, cancellation);
        return [.. findings, .. more.Where(f => f.Rule != BaseTestsJudge.Unbuilt)];
    }

    private Task<IReadOnlyList<Finding>> RunAsync(OneValidation validation, CheckRun before, BaseForm form, CheckPlan plan, BaseTestsJudge judge, CancellationToken cancellation) =>
        // What is found here never refuses: a run upon earlier outputs is good enough.
        room.TryAsync(validation, validation.Request.Name + "-base-tests", form.Tree, plan, _ => true, async (workspace, run, earlier) =>
        {
            validation.Report("base form", run);
            var flaky = await secondRun.FindFlakyAsync(validation, workspace, plan, before, run, earlier, cancellation);
            return judge.Judge(run, form.Restored, flaky);
        }, cancellation);
}
