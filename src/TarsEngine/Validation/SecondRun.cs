using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>What fails is run once more, to tell what flips from what is broken.</summary>
internal sealed class SecondRun(TestExecutor executor)
{
    /// <summary>Ids of new failures that pass when they are run again: flaky tests.</summary>
    public async Task<HashSet<string>> FindFlakyAsync(
        OneValidation validation, Workspace workspace, CheckPlan plan, CheckRun before, CheckRun run, CancellationToken cancellation)
    {
        var flaky = new HashSet<string>(StringComparer.Ordinal);
        foreach (var check in run.Checks.Where(c => c.Status == CheckStatus.TestsFailed))
        {
            var fresh = VerdictJudge.NewFailures(check, before.Checks.FirstOrDefault(c => c.Name == check.Name));
            if (fresh.Count == 0) continue;
            validation.Say($"{fresh.Count} tests of '{check.Name}' fail with the change and not without; they are run once more.");
            var again = await executor.RunAsync(workspace, plan.Checks.First(c => c.Name == check.Name), validation.Events, cancellation);
            flaky.UnionWith(Cleared(again, fresh));
        }
        return flaky;
    }

    /// <summary>The checks of a base's run with only what fails twice: what fails once is flaky, and must not excuse a change.</summary>
    public async Task<IReadOnlyList<CheckResult>> SteadyFailuresAsync(
        OneValidation validation, Workspace workspace, CheckPlan plan, CheckRun run, CancellationToken cancellation)
    {
        var checks = run.Checks.ToList();
        for (var i = 0; i < checks.Count; i++)
        {
            if (checks[i] is not { Status: CheckStatus.TestsFailed, Tests: { } tally } check) continue;
            validation.Say($"{tally.Figures.Failed} tests of '{check.Name}' fail without the change; they are run once more.");
            var again = await executor.RunAsync(workspace, plan.Checks.First(c => c.Name == check.Name), validation.Events, cancellation);
            var cleared = Cleared(again, tally.Failed.Select(t => t.Id).ToHashSet(StringComparer.Ordinal));
            checks[i] = check with { Tests = tally with { Failed = [.. tally.Failed.Where(t => !cleared.Contains(t.Id))] } };
        }
        return checks;
    }

    // Only a second run that is whole can clear a test, and only by running it.
    private static HashSet<string> Cleared(CheckResult again, IReadOnlySet<string> failures)
    {
        if (again is not { Status: CheckStatus.Passed or CheckStatus.TestsFailed, Tests: { Ids: { } ran } tally }) return [];
        var cleared = ran.Where(failures.Contains).ToHashSet(StringComparer.Ordinal);
        cleared.ExceptWith(tally.Failed.Select(t => t.Id));
        return cleared;
    }
}
