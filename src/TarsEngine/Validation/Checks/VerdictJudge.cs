using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Dotnet;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Validation.Checks;

/// <summary>Compares the run of a change with the run of its base. Pure: the same two runs give the same findings.</summary>
internal static class VerdictJudge
{
    private const int MostNamed = 10;

    /// <summary>What the base's run says before the change is even tried; a Hold here means that nothing can be learned from trying.</summary>
    public static IReadOnlyList<Finding> JudgeBase(CheckRun run)
    {
        var findings = new List<Finding>();
        foreach (var check in run.Checks)
        {
            switch (check.Status)
            {
                case CheckStatus.BuildErrors:
                    findings.AddRange(check.Errors.Take(MostNamed).Select(e => Diagnostic(Severity.Hold, "baseline/", e, "Without the change already: ")));
                    findings.Add(new(Severity.Hold, "baseline/does-not-build", $"The codebase doesn't build without the change already: {check.Explanation}{More(check.Errors.Count)}",
                        Remedy: "Mend the codebase first, or validate against the last commit with '--base HEAD'."));
                    break;
                case CheckStatus.TestsFailed when check.Tests is { Failed.Count: 0, Ignored: { } ignored }:
                    findings.Add(new(Severity.Info, "baseline/ignored", $"Without the change, {Count(ignored.Count, "test")} of '{check.Name}' fail that your configuration ignores: {Names(ignored)}."));
                    break;
                case CheckStatus.TestsFailed when check.Tests!.Failed.Count == 0:
                    findings.Add(new(Severity.Info, "baseline/flaky", $"Without the change, tests of '{check.Name}' failed once and passed when they were run again: they are flaky."));
                    break;
                case CheckStatus.TestsFailed when check.Tests!.Figures.Passed == 0 && check.Tests.Failed.All(t => t.Kind == FailureKind.Import):
                    findings.Add(new(Severity.Hold, "environment/missing", $"Without the change already, '{check.Name}' can't load any test: {FailureKinds.Line(FailureKind.Import, check.Tests.Failed[0].Message) ?? FirstLines(check.Tests.Failed[0].Message)}",
                        Remedy: "Install what is missing where checks run, or describe the checks in your own configuration."));
                    break;
                case CheckStatus.TestsFailed:
                    findings.Add(new(Severity.Warning, "baseline/red", $"Without the change already, {Count(check.Tests.Failed.Count, "test")} of '{check.Name}' fail: {Names(check.Tests.Failed.Select(t => t.Name))}. They do not count against it."));
                    break;
                case CheckStatus.Failed:
                    findings.Add(new(Severity.Hold, "baseline/fails", $"Without the change already: {check.Explanation}{Tail(check)}"));
                    break;
                case CheckStatus.Surroundings:
                    findings.Add(new(Severity.Hold, "environment/missing", check.Explanation, Remedy: check.Remedy));
                    break;
                case CheckStatus.Broken or CheckStatus.Limit or CheckStatus.ToolFault:
                    findings.Add(new(Severity.Hold, "baseline/broken", $"Without the change already: {check.Explanation}{Tail(check)}"));
                    break;
            }
        }
        return findings;
    }

    /// <summary>What is not green in a base's run, as errors.</summary>
    public static IReadOnlyList<Finding> RedOf(CheckRun run) =>
        [.. JudgeBase(run).Where(finding => finding.Severity >= Severity.Warning).Select(finding => finding with { Severity = Severity.Error })];

    /// <summary>What the change's run says against it, beside what the base's run says.</summary>
    /// <param name="flaky">Ids of tests that failed and then passed in a second run of the same tree.</param>
    public static IReadOnlyList<Finding> JudgeChange(CheckRun baseRun, CheckRun run, IReadOnlySet<string> flaky, TarsConfiguration configuration)
    {
        var findings = new List<Finding>();
        foreach (var check in run.Checks)
        {
            var before = baseRun.Checks.FirstOrDefault(c => c.Name == check.Name);
            findings.AddRange(check.Status switch
            {
                CheckStatus.Passed => [],
                CheckStatus.BuildErrors => BuildErrors(check, before),
                CheckStatus.TestsFailed => FailedTests(check, before, flaky),
                CheckStatus.Surroundings => [new(Severity.Hold, "environment/missing", check.Explanation, Remedy: check.Remedy)],
                CheckStatus.ToolFault => [new(Severity.Hold, "check/tool-fault", $"{check.Explanation} That is a fault of a tool or of the sandbox, not proof against the change.{Tail(check)}")],
                CheckStatus.Limit => [new(Severity.Error, "check/limit", check.Explanation)],
                CheckStatus.Broken => [new(Severity.Error, "tests/broken-off", check.Explanation + Tail(check))],
                _ => [new(Severity.Error, "check/failed", check.Explanation + Tail(check))],
            });
        }
        if (!run.IsPart) findings.AddRange(Counts(baseRun, run, configuration));
        return findings;
    }

    /// <summary>True when every check passed, but for tests that failed before.</summary>
    public static bool FailsNothingNew(CheckRun baseRun, CheckRun run) => run.Checks.All(check =>
        check.Status == CheckStatus.Passed
        || (check.Status == CheckStatus.TestsFailed && NewFailures(check, baseRun.Checks.FirstOrDefault(c => c.Name == check.Name)).Count == 0));

    /// <summary>Ids of tests that fail now and did not fail before.</summary>
    public static IReadOnlySet<string> NewFailures(CheckResult check, CheckResult? before)
    {
        var known = before?.Tests?.Failed.Select(t => t.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        return check.Tests?.Failed.Select(t => t.Id).Where(id => !known.Contains(id)).ToHashSet(StringComparer.Ordinal) ?? [];
    }

    private static IEnumerable<Finding> BuildErrors(CheckResult check, CheckResult? before)
    {
        // Lines move with every edit: the same error in the same file is the same.
        var known = before?.Errors.Select(e => (e.Code, e.Path, e.Message)).ToHashSet() ?? [];
        var errors = check.Errors.Where(e => !known.Contains((e.Code, e.Path, e.Message))).ToList();
        if (errors.Count == 0) return [new(Severity.Error, "build/failed", check.Explanation + Tail(check))];
        var findings = errors.Take(50).Select(e => Diagnostic(Severity.Error, "build/", e, "")).ToList();
        if (errors.Count > 50) findings.Add(new(Severity.Error, "build/more", $"There are {errors.Count - 50} more errors."));
        return findings;
    }

    private static IEnumerable<Finding> FailedTests(CheckResult check, CheckResult? before, IReadOnlySet<string> flaky)
    {
        var fresh = NewFailures(check, before);
        var failed = check.Tests!.Failed.Where(t => fresh.Contains(t.Id)).ToList();
        foreach (var test in failed.Where(t => !flaky.Contains(t.Id)).Take(50))
            yield return new(Severity.Error, "tests/failed", $"{test.Name} fails with the change and not without{Kind(test)}: {FirstLines(test.Message)}");
        if (failed.Count(t => !flaky.Contains(t.Id)) is var lasting and > 50)
            yield return new(Severity.Error, "tests/more", $"{lasting - 50} more tests fail with the change and not without.");
        foreach (var test in failed.Where(t => flaky.Contains(t.Id)))
            yield return new(Severity.Warning, "tests/flaky", $"{test.Name} failed, and passed when it was run again: it is flaky. {FirstLines(test.Message)}");
        if (check.Tests.Ignored is { } ignored)
            yield return new(Severity.Warning, "tests/ignored", $"{Count(ignored.Count, "test")} of '{check.Name}' failed that your configuration ignores: {Names(ignored)}.");
        if (check.Tests.Failed.Count < check.Tests.Figures.Failed && check.Tests.Failed.Count >= 5_000)
            yield return new(Severity.Error, "tests/too-many", $"{check.Tests.Figures.Failed} tests fail: too many to compare.");
    }

    private static IEnumerable<Finding> Counts(CheckRun baseRun, CheckRun run, TarsConfiguration configuration)
    {
        if (run.Figures is not { } now) yield break;
        var before = baseRun.Figures ?? TestFigures.None;
        if (now.Executed == 0)
        {
            yield return before.Executed > 0
                ? new(Severity.Error, "tests/none", $"No test ran with the change; without it {Count(before.Executed, "test")} did. Zero tests is not a pass.")
                : new(configuration.AllowUnproven ? Severity.Info : Severity.Hold, "tests/none", "No test ran, with the change or without: nothing proves it.", Remedy: "Add tests, or let unproven changes pass with 'allow.unproven: true' in your own configuration.");
            yield break;
        }
        if (now.Executed < configuration.Limits.MinimumTests)
            yield return new(before.Executed >= configuration.Limits.MinimumTests ? Severity.Error : Severity.Hold, "tests/too-few", $"{Count(now.Executed, "test")} ran; 'limits.minimum-tests' asks for {configuration.Limits.MinimumTests}.");
        var gone = Gone(baseRun, run);
        if (now.Executed < before.Executed)
            yield return new(Severity.Hold, "tests/fewer", $"{Count(now.Executed, "test")} ran with the change, {before.Executed} without it.{(gone.Count > 0 ? $" No longer run: {Names(gone)}." : "")}", Remedy: "A person must see why tests went.");
        else if (gone.Count > 0)
            yield return new(Severity.Warning, "tests/gone", $"{Count(gone.Count, "test")} that ran without the change did not run with it (renamed or removed): {Names(gone)}.");
    }

    private static List<string> Gone(CheckRun baseRun, CheckRun run)
    {
        var gone = new List<string>();
        foreach (var check in run.Checks)
        {
            var before = baseRun.Checks.FirstOrDefault(c => c.Name == check.Name)?.Tests?.Ids;
            if (before is null || check.Tests?.Ids is not { } now) continue;
            gone.AddRange(before.Except(now, StringComparer.Ordinal).Select(id => id[(id.IndexOf("::", StringComparison.Ordinal) + 2)..]));
        }
        return gone;
    }

    private static Finding Diagnostic(Severity severity, string prefix, BuildDiagnostic error, string intro) => new(
        severity, prefix + error.Code, $"{intro}{error.Message}{(error.Path is null && error.Project is not null ? $" ({error.Project})" : "")}",
        error.Path is { } path && RepositoryPath.TryParse(path, out var parsed, out _) ? parsed : null, error.Line);

    private static string Kind(FailedTest test) => test.Kind is { } kind ? $" ({FailureKinds.Describe(kind)})" : "";

    private static string Names(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostNamed)) + (all.Count > MostNamed ? $" and {all.Count - MostNamed} more" : "");
    }

    private static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{count} {noun}s";

    private static string More(int errors) => errors > MostNamed ? $" ({errors - MostNamed} more errors.)" : "";

    private static string Tail(CheckResult check) => check.Tail.Count == 0 ? "" : "\n" + string.Join('\n', check.Tail);

    /// <summary>The beginning of a failure's message, on one line.</summary>
    public static string FirstLines(string? message)
    {
        var lines = (string.IsNullOrWhiteSpace(message) ? "no message" : message).ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0).Take(6);
        var text = ByteText.Display(string.Join(" | ", lines));
        return text.Length > 600 ? text[..600] + "…" : text;
    }
}
