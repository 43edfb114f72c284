using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Validation.Dotnet;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Validation.Checks;

/// <summary>From exit code, output and report to one status. What a tool prints about success is not read at all.</summary>
internal static class CheckClassifier
{
    private const int TailLines = 12;

    /// <param name="report">Null for checks without one.</param>
    public static CheckResult Classify(PlannedCheck check, CommandResult command, CheckOutput output, TestReport? report)
    {
        var errors = output.Errors.ToList();
        var (status, explanation, remedy) = Status(check, command, output, errors, report);
        return new(
            check.Name, check.Kind, check.Proves, status, explanation, remedy,
            status is CheckStatus.BuildErrors or CheckStatus.Failed ? [.. errors.Where(e => !e.IsSurroundings)] : [],
            // A pass without any report file is a run of zero tests, and is judged as that.
            report is not null && (report.Files > 0 || status == CheckStatus.Passed) ? Tally(report, check.Ignored) : null,
            status == CheckStatus.Passed ? [] : [.. command.Tail.TakeLast(TailLines).Select(l => l.Text)])
        {
            Warnings = status is CheckStatus.Passed or CheckStatus.TestsFailed ? output.MsBuild.Warnings : null,
        };
    }

    private static (CheckStatus Status, string Explanation, string? Remedy) Status(
        PlannedCheck check, CommandResult command, CheckOutput output, List<BuildDiagnostic> errors, TestReport? report)
    {
        var failed = command is not { ExitCode: 0, TimedOut: false };
        if (command.TimedOut || (failed && command.LimitReached != SandboxLimit.None)) return (CheckStatus.Limit, $"'{check.Name}' {command.Ending}{While(output, report)}.", null);
        if (failed && Surroundings(command, output, errors, report) is { } surroundings) return (CheckStatus.Surroundings, surroundings.What, surroundings.Remedy);
        if (report is not null) return StatusOfTests(check, command, output, errors, report);
        if (!failed) return (CheckStatus.Passed, "", null);
        if (check.Kind == CheckKind.Command) return (CheckStatus.Failed, $"'{check.Name}' ended with {command.Ending}.", null);
        if (check.Kind == CheckKind.Test) return (errors.Count > 0 ? CheckStatus.BuildErrors : CheckStatus.Failed, $"'{check.Name}' ended with {command.Ending}.", null);
        if (errors.Count > 0) return (CheckStatus.BuildErrors, $"'{check.Name}' ended with {command.Ending}.", null);
        return (CheckStatus.ToolFault, $"'{check.Name}' ended with {command.Ending} and named no error.", null);
    }

    private static (CheckStatus Status, string Explanation, string? Remedy) StatusOfTests(
        PlannedCheck check, CommandResult command, CheckOutput output, List<BuildDiagnostic> errors, TestReport report)
    {
        var ended = $"'{check.Name}' ended with {command.Ending}";
        var failed = command is not { ExitCode: 0 };
        if (report.Files == 0 && errors.Count > 0) return (CheckStatus.BuildErrors, ended + ".", null);
        if (report.Faults.Count > 0) return (CheckStatus.Broken, $"{ended}. {string.Join(" ", report.Faults.Take(3))}", null);
        if (output.MsBuild.Crashed) return (CheckStatus.Broken, $"{ended}: the test process crashed{While(output, report)}.", null);
        // Tests that failed count also when the exit code tells otherwise.
        if (report.Figures.Failed > 0) return (CheckStatus.TestsFailed, $"{ended}: {report.Figures}.", null);
        if (failed && errors.Count > 0) return (CheckStatus.BuildErrors, ended + ".", null);
        if (failed && report.Files > 0) return (CheckStatus.Broken, ended + ", and its report tells of no failed test.", null);
        if (failed) return (CheckStatus.ToolFault, ended + ", wrote no report and named no error.", null);
        return (CheckStatus.Passed, "", null);
    }

    private static (string What, string? Remedy)? Surroundings(CommandResult command, CheckOutput output, List<BuildDiagnostic> errors, TestReport? report)
    {
        if (output.MsBuild.MissingSdk is { } sdk && command.ExitCode is 155 or 145 or 1)
            return ($"'global.json' asks for the .NET SDK {sdk}, which is not installed here.", "Install that SDK, or relax 'rollForward' in 'global.json'.");
        if (output.MsBuild.MissingRuntime is { } runtime)
            return ($"The runtime that the built program needs is not installed here: {runtime}.", "Install it, or set 'dotnet.roll-forward: Major' in your own configuration.");
        if (output.MsBuild.NeedsTestingPlatform)
            return ("The tests run on Microsoft.Testing.Platform only, which its project's text doesn't tell: VSTest can't run them.", "Describe a check that runs them under 'checks' in your own configuration, such as 'dotnet run --project TESTS -- --report-trx --results-directory {results}'.");
        // Where tests ran, what they print is theirs.
        if (report is not { Figures.Executed: > 0 } && errors.Count == 0 && output.Missing.First is { } missing) return missing;
        // Errors of the code itself weigh more: they stay when the surroundings are mended.
        if (errors.Count == 0 || errors.Any(e => !e.IsSurroundings)) return null;
        var named = string.Join("; ", errors.Select(e => $"{e.Code}: {e.Message}").Distinct(StringComparer.Ordinal).Take(5));
        return errors.Any(e => e.IsMissingPackage)
            ? ($"A package is missing from the package cache, and the sandbox has no network: {named}", "Fetch it: run 'tarscli packages fetch' in the codebase (with the change applied, if the change adds the package), then try again.")
            : ($"Something that the build needs is not installed here: {named}", "Install it, or choose another framework with 'dotnet.framework' in your own configuration.");
    }

    private static string While(CheckOutput output, TestReport? report) =>
        report?.Unfinished is { } open ? $" while '{ByteText.Display(open)}' was running" : output.Running is { } running ? $" while '{running}' was running" : "";

    private static TestTally Tally(TestReport report, IReadOnlyList<string> ignored)
    {
        var failed = report.Tests.Values.Where(t => t.Outcome == TestOutcome.Failed).OrderBy(t => t.Id, StringComparer.Ordinal).Take(TestReport.MostFailures).ToList();
        var counted = failed.Where(t => !ignored.Any(part => t.Name.Contains(part, StringComparison.Ordinal))).ToList();
        return new(
            report.Figures,
            [.. counted.Select(t => new FailedTest(t.Id, t.Name, t.Message, t.Kind, t.File))],
            !report.HasEveryName ? null : [.. report.Tests.Values.Where(t => t.Outcome != TestOutcome.Skipped).Select(t => t.Id).Order(StringComparer.Ordinal)])
        {
            Ignored = counted.Count == failed.Count ? null : [.. failed.Except(counted).Select(t => t.Name)],
        };
    }
}
