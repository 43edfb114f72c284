using System.Globalization;
using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// Reads what 'cargo test' prints: Rust's own harness has no other report in its stable form. Tests print there as well, so the lines
/// count only where the harness's own sums agree with them.
/// </summary>
internal sealed partial class CargoReader(TestReport report, string fileName)
{
    private const int MaxLine = 16 * 1024;

    private readonly Dictionary<string, (TestOutcome Outcome, string Message)> tests = new(StringComparer.Ordinal);
    private string program = "";
    private int? expected;
    private string? telling;

    public static void Read(Stream stream, TestReport report, string fileName)
    {
        report.CountFile();
        var cargo = new CargoReader(report, fileName);
        foreach (var line in BoundedLines.Read(stream, MaxLine)) cargo.ReadLine(line.TrimEnd());
        cargo.Cut("");
    }

    private void ReadLine(string line)
    {
        if (Program().Match(line) is { Success: true } next)
        {
            Cut("");
            program = next.Groups["name"].Value;
        }
        else if (Running().Match(line) is { Success: true } running)
        {
            Cut("");
            expected = int.TryParse(running.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
        }
        else if (Sum().Match(line) is { Success: true } sum) Finish(sum);
        else if (expected is not null) ReadInside(line);
    }

    private void ReadInside(string line)
    {
        if (Message().Match(line) is { Success: true } message) telling = message.Groups["name"].Value;
        else if (telling is not null && line.StartsWith("failures:", StringComparison.Ordinal)) telling = null;
        else if (telling is not null && tests.TryGetValue(telling, out var failed))
        {
            if (failed.Message.Length < ReportText.MaxMessage && !line.StartsWith("stack backtrace:", StringComparison.Ordinal)) tests[telling] = (failed.Outcome, failed.Message + ReportText.Shorten(line, 500) + "\n");
        }
        else if (Test().Match(line) is { Success: true } test && tests.Count < TestReport.MostTests)
        {
            var outcome = test.Groups["outcome"].Value switch { "ok" => TestOutcome.Passed, "FAILED" => TestOutcome.Failed, _ => TestOutcome.Skipped };
            // The first line of a name counts: what a test prints afterwards in the same form does not make it better.
            if (!tests.TryGetValue(test.Groups["name"].Value, out var known) || outcome > known.Outcome) tests[test.Groups["name"].Value] = (outcome, "");
        }
    }

    private void Finish(Match sum)
    {
        var (passed, failed, ignored) = (Number(sum, "passed"), Number(sum, "failed"), Number(sum, "ignored"));
        int Counted(TestOutcome outcome) => tests.Values.Count(test => test.Outcome == outcome);
        if (expected != passed + failed + ignored + Number(sum, "measured") || Counted(TestOutcome.Failed) != failed || Counted(TestOutcome.Skipped) != ignored || Counted(TestOutcome.Passed) != passed + Number(sum, "measured"))
            report.AddFault($"The report '{fileName}' sums up {passed} passed, {failed} failed, {ignored} ignored in '{ReportText.Shorten(program, 200)}' and names {tests.Count} tests.");
        Flush();
    }

    // What was running when the next program began, or all ended.
    private void Cut(string why)
    {
        if (expected is { } count) report.AddFault($"The tests of '{ReportText.Shorten(program, 200)}' broke off: {tests.Count} of {count} ended{why}.");
        Flush();
    }

    private void Flush()
    {
        foreach (var (name, (outcome, message)) in tests)
        {
            var failed = outcome == TestOutcome.Failed;
            report.Add(new($"{program}::{name}", name, outcome, failed ? message.Trim() : null) { Kind = failed ? FailureKinds.Of(message) : null });
        }
        tests.Clear();
        (expected, telling) = (null, null);
    }

    private static int Number(Match sum, string group) => int.TryParse(sum.Groups[group].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue / 8;

    [GeneratedRegex(@"^\s+(?:Running (?:unittests )?(?<name>\S+) \(|Doc-tests (?<name>\S+))", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Program();

    [GeneratedRegex(@"^running (?<count>\d+) tests?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Running();

    [GeneratedRegex(@"^test (?<name>.+?)(?: - should panic)? \.\.\. (?<outcome>ok|FAILED|ignored)(?:, .*)?(?: <[\d.]+s>)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Test();

    [GeneratedRegex("^---- (?<name>.+) stdout ----$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Message();

    [GeneratedRegex(@"^test result: (?:ok|FAILED)\. (?<passed>\d+) passed; (?<failed>\d+) failed; (?<ignored>\d+) ignored; (?<measured>\d+) measured; \d+ filtered out", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Sum();
}
