using TarsEngine.Sandbox;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>What fails is run once more, to tell what flips from what is broken: those tests alone where their runner can choose them.</summary>
internal sealed class SecondRun(TestExecutor executor)
{
    /// <summary>Ids of new failures that pass when they are run again: flaky tests.</summary>
    /// <param name="earlier">A run of the same tree that was not believed: what failed in it too has failed twice.</param>
    public async Task<HashSet<string>> FindFlakyAsync(
        OneValidation validation, Workspace workspace, CheckPlan plan, CheckRun before, CheckRun run, CheckRun? earlier, CancellationToken cancellation)
    {
        var flaky = new HashSet<string>(StringComparer.Ordinal);
        foreach (var check in run.Checks.Where(c => c.Status == CheckStatus.TestsFailed))
        {
            var fresh = Once(VerdictJudge.NewFailures(check, Same(before, check)), Same(earlier, check));
            if (fresh.Count == 0) continue;
            validation.Say($"{Tests(fresh.Count)} of '{check.Name}' with the change and not without; run once more.");
            flaky.UnionWith(await ClearedAsync(validation, workspace, plan, check, fresh, cancellation));
        }
        return flaky;
    }

    /// <summary>The checks of a base's run with only what fails twice: what fails once is flaky, and must not excuse a change.</summary>
    /// <param name="earlier">A run of the same tree that was not believed: what failed in it too has failed twice.</param>
    public async Task<IReadOnlyList<CheckResult>> SteadyFailuresAsync(
        OneValidation validation, Workspace workspace, CheckPlan plan, CheckRun run, CheckRun? earlier, CancellationToken cancellation)
    {
        var checks = run.Checks.ToList();
        for (var i = 0; i < checks.Count; i++)
        {
            if (checks[i] is not { Status: CheckStatus.TestsFailed, Tests: { } tally } check) continue;
            var once = Once(tally.Failed.Select(t => t.Id).ToHashSet(StringComparer.Ordinal), Same(earlier, check));
            if (once.Count == 0) continue;
            validation.Say($"{Tests(once.Count)} of '{check.Name}' without the change; run once more.");
            var cleared = await ClearedAsync(validation, workspace, plan, check, once, cancellation);
            checks[i] = check with { Tests = tally with { Failed = [.. tally.Failed.Where(t => !cleared.Contains(t.Id))] } };
        }
        return checks;
    }

    private async Task<HashSet<string>> ClearedAsync(OneValidation validation, Workspace workspace, CheckPlan plan, CheckResult check, IReadOnlySet<string> failures, CancellationToken cancellation)
    {
        var planned = plan.Checks.First(c => c.Name == check.Name);
        var failed = check.Tests!.Failed.Where(test => failures.Contains(test.Id)).ToList();
        if (ChosenTests.Of(planned, failed) is { } chosen)
        {
            var few = await executor.RunAsync(workspace, planned, validation.Events, cancellation, chosen);
            // The runner may have known some by other names: then all are run.
            if (few.Tests?.Ids is { } ran && failures.IsSubsetOf(ran)) return Cleared(few, failures);
        }
        return Cleared(await executor.RunAsync(workspace, planned, validation.Events, cancellation), failures);
    }

    private static IReadOnlySet<string> Once(IReadOnlySet<string> failures, CheckResult? earlier)
    {
        if (earlier?.Tests is not { } tally) return failures;
        var twice = tally.Failed.Select(test => test.Id).ToHashSet(StringComparer.Ordinal);
        return failures.Where(id => !twice.Contains(id)).ToHashSet(StringComparer.Ordinal);
    }

    private static CheckResult? Same(CheckRun? run, CheckResult check) => run?.Checks.FirstOrDefault(c => c.Name == check.Name);

    private static string Tests(int count) => count == 1 ? "1 test fails" : $"{count} tests fail";

    // Only a second run that is whole can clear a test, and only by running it.
    private static HashSet<string> Cleared(CheckResult again, IReadOnlySet<string> failures)
    {
        if (again is not { Status: CheckStatus.Passed or CheckStatus.TestsFailed, Tests: { Ids: { } ran } tally }) return [];
        var cleared = ran.Where(failures.Contains).ToHashSet(StringComparer.Ordinal);
        cleared.ExceptWith(tally.Failed.Select(t => t.Id));
        return cleared;
    }
}
