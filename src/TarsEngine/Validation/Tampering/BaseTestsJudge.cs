using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Validation.Tampering;

/// <summary>What the base's tests say about the changed sources. Pure.</summary>
internal sealed class BaseTestsJudge(CheckRun before, TamperingResult tampering)
{
    public const string Unbuilt = "tests/base-form-unbuilt";

    private const int Most = 20;
    private const string Look = "Compare both forms: was the test wrong, or is it the change?";

    /// <param name="flaky">Ids of tests that failed and then passed.</param>
    public IReadOnlyList<Finding> Judge(CheckRun run, IReadOnlyList<RepositoryPath> restored, IReadOnlySet<string> flaky)
    {
        var findings = new List<Finding>();
        foreach (var check in run.Checks)
        {
            findings.AddRange(check.Status switch
            {
                CheckStatus.Passed => [],
                CheckStatus.TestsFailed => Failed(check, flaky),
                CheckStatus.BuildErrors => NotBuilt(check, restored),
                _ => [new(Severity.Hold, "tests/base-form-broken", $"The base's tests could not be tried on the changed sources: {check.Explanation}", Remedy: check.Remedy ?? Look)],
            });
        }
        if (findings.Count > 0) return findings;
        var figures = run.Figures ?? TestFigures.None;
        if (figures.Executed < (before.Figures ?? TestFigures.None).Executed)
            return [new(Severity.Hold, "tests/base-form-broken", $"Of the base's tests {figures.Executed} ran on the changed sources; without the change {before.Figures!.Executed} did.", Remedy: Look)];
        return [new(Severity.Info, "tests/base-form-passes", $"The base's tests pass on the changed sources, too: {figures}.")];
    }

    private IEnumerable<Finding> Failed(CheckResult check, IReadOnlySet<string> flaky)
    {
        var fresh = VerdictJudge.NewFailures(check, before.Checks.FirstOrDefault(c => c.Name == check.Name));
        var failed = check.Tests!.Failed.Where(t => fresh.Contains(t.Id) && !flaky.Contains(t.Id)).ToList();
        foreach (var test in failed.Take(Most)) yield return Failed(test);
        if (failed.Count > Most) yield return new(Severity.Hold, "tests/base-form-fails", $"{failed.Count - Most} more tests fail as the base has them.", Remedy: Look);
    }

    private Finding Failed(FailedTest test)
    {
        var told = VerdictJudge.FirstLines(test.Message);
        // Cases carry their arguments behind the name.
        var name = test.Name.Split('(')[0];
        var touched = tampering.Touched.FirstOrDefault(t => t.Before.IsTest && (name == t.Before.Name || name.EndsWith("." + t.Before.Name, StringComparison.Ordinal)));
        if (touched.Before is null)
            return new(Severity.Hold, "tests/base-form-fails", $"{test.Name} fails with the change as soon as helpers, data and settings of the tests are the base's: {told}", Remedy: Look);
        var forms = $"The base has it so:\n{touched.Before.Source}\n" + (touched.After is { } after ? $"The change so:\n{after.Source}" : "The change removes it.");
        return new(Severity.Hold, "tests/base-form-fails", $"{test.Name}, as the base has it, fails with the change: {told}\n{forms}", touched.After?.Path ?? touched.Before.Path, touched.After?.Line, Look);
    }

    // They speak of what the change has renamed or removed.
    private static IEnumerable<(RepositoryPath File, BuildDiagnostic Error)> Unbuildable(CheckResult check, IReadOnlyList<RepositoryPath> restored)
    {
        var known = restored.ToHashSet();
        return from error in check.Errors
               where error.Path is not null && RepositoryPath.TryParse(error.Path, out var path, out _) && known.Contains(path)
               select (RepositoryPath.Parse(error.Path!), error);
    }

    private static IEnumerable<Finding> NotBuilt(CheckResult check, IReadOnlyList<RepositoryPath> restored)
    {
        var files = Unbuildable(check, restored).GroupBy(e => e.File).ToList();
        foreach (var file in files.Take(Most))
            yield return new(Severity.Hold, Unbuilt, $"The base's form of '{file.Key}' doesn't compile with the change ({file.First().Error.Code}: {file.First().Error.Message}): its tests can't be held against it.", file.Key, Remedy: Look);
        if (files.Count == 0)
            yield return new(Severity.Hold, Unbuilt, $"The base's tests don't build with the change: {check.Errors.Select(e => $"{e.Code}: {e.Message}").FirstOrDefault() ?? check.Explanation}", Remedy: Look);
    }
}
