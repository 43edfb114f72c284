using System.Globalization;
using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Reports;

/// <summary>
/// Reads the Test Anything Protocol, with indented subtests, as node's own runner, prove and many shell frameworks write it. A point
/// that sums up its subtests is no test of its own, unless it alone failed.
/// </summary>
internal sealed partial class TapReader(TestReport report, string fileName)
{
    private const int MaxLine = 8_000;
    private const int Indent = 4;

    // One for each depth of subtests that is open.
    private readonly List<Level> levels = [new("")];
    private string? announced;
    private Failure? failure;
    private bool inDetails;
    private int tests;

    public static void Read(Stream stream, TestReport report, string fileName)
    {
        report.CountFile();
        var tap = new TapReader(report, fileName);
        try
        {
            foreach (var line in BoundedLines.Read(stream, MaxLine)) tap.ReadLine(line);
            tap.End();
        }
        catch (FormatException fault)
        {
            report.AddFault($"The report '{fileName}' is broken: {fault.Message}");
        }
    }

    private void ReadLine(string line)
    {
        if (line.StartsWith("Bail out!", StringComparison.Ordinal)) throw new FormatException(ReportText.Shorten(line, 300));
        var spaces = line.Length - line.AsSpan().TrimStart(' ').Length;
        var text = line[spaces..].TrimEnd();
        if (inDetails) ReadDetail(text);
        else if (text == "---") inDetails = true;
        else if (Point().Match(text) is { Success: true } point) AddPoint(spaces / Indent, point);
        else if (text.StartsWith("# Subtest: ", StringComparison.Ordinal)) Announce(spaces / Indent, text["# Subtest: ".Length..]);
        else if (Plan().Match(text) is { Success: true } plan) SetPlan(spaces / Indent, plan);
    }

    private void Announce(int depth, string name)
    {
        Flush();
        // The subtests of the one that was announced before are about to come.
        if (depth == levels.Count && announced is not null) Open(announced);
        announced = name;
    }

    private void Open(string name)
    {
        if (levels.Count > ReportText.MaxDepth) throw new FormatException($"it nests deeper than {ReportText.MaxDepth} levels.");
        levels.Add(new(ReportText.Shorten(name, 500)));
        announced = null;
    }

    private void SetPlan(int depth, Match plan)
    {
        Flush();
        while (depth >= levels.Count) Open(announced ?? "");
        levels[depth].Planned = int.TryParse(plan.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : int.MaxValue;
    }

    private void AddPoint(int depth, Match point)
    {
        Flush();
        if (++tests > TestReport.MostTests) throw new FormatException($"it holds more than {TestReport.MostTests} tests.");
        while (depth >= levels.Count) Open(announced ?? "");
        announced = null;
        var name = ReportText.Shorten(point.Groups["name"].Value.Trim(), ReportText.MaxName);
        var directive = point.Groups["directive"].Value;
        var outcome = directive.Length > 0 ? TestOutcome.Skipped : point.Groups["not"].Success ? TestOutcome.Failed : TestOutcome.Passed;
        // Deeper levels that are open are the subtests of this very point.
        var (sums, failed) = (levels.Count > depth + 1, false);
        while (levels.Count > depth + 1) failed |= Close();
        levels[depth].Seen++;
        levels[depth].HasFailed |= outcome == TestOutcome.Failed;
        if (sums && (outcome != TestOutcome.Failed || failed)) return;
        if (name.Length == 0) name = string.Create(CultureInfo.InvariantCulture, $"test {levels[depth].Seen}");
        var full = string.Join(" > ", levels.Take(depth + 1).Select(level => level.Name).Where(part => part.Length > 0).Append(name));
        // What it says about a failure stands below it.
        failure = new(ReportText.Shorten(full, ReportText.MaxName), outcome);
    }

    private void ReadDetail(string text)
    {
        if (text == "...") inDetails = false;
        else if (failure is { Text.Length: < ReportText.MaxMessage, Outcome: TestOutcome.Failed } && !Noise().IsMatch(text)) failure.Text += Key().Replace(text, "").Trim('\'') + "\n";
        if (failure is not null && Location().Match(text) is { Success: true } place) failure.File = place.Groups["path"].Value;
    }

    private void Flush()
    {
        if (failure is not { } point) return;
        failure = null;
        var failed = point.Outcome == TestOutcome.Failed;
        report.Add(new("::" + point.Name, point.Name, point.Outcome, failed ? point.Text.Trim() : null) { Kind = failed ? FailureKinds.Of(point.Text) : null, File = point.File });
    }

    private bool Close()
    {
        var level = levels[^1];
        levels.RemoveAt(levels.Count - 1);
        if (level.Planned != level.Seen) report.AddFault($"The report '{fileName}' plans {Planned(level)} in '{ReportText.Shorten(level.Name, 100)}' and holds {level.Seen}.");
        return level.HasFailed;
    }

    private void End()
    {
        Flush();
        if (inDetails || levels.Count > 1) report.AddFault($"The report '{fileName}' breaks off.");
        else if (levels[0].Planned != levels[0].Seen) report.AddFault($"The report '{fileName}' plans {Planned(levels[0])} and holds {levels[0].Seen}.");
    }

    private static string Planned(Level level) => level.Planned is { } planned ? $"{planned} tests" : "no number of tests";

    private sealed class Level(string name)
    {
        public string Name => name;
        public int? Planned { get; set; }
        public int Seen { get; set; }
        public bool HasFailed { get; set; }
    }

    private sealed class Failure(string name, TestOutcome outcome)
    {
        public string Name => name;
        public TestOutcome Outcome => outcome;
        public string Text { get; set; } = "";
        public string? File { get; set; }
    }

    [GeneratedRegex(@"^(?<not>not )?ok\b(?: +\d+)?(?: +-)?(?<name>.*?)(?:[^\\]#\s*(?<directive>(?i:skip|todo))\S*.*)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Point();

    [GeneratedRegex(@"^1\.\.(?<count>\d+)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Plan();

    [GeneratedRegex("^(?:duration_ms|type|location|failureType|code|exitCode|signal|operator|stack): ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Noise();

    [GeneratedRegex(@"^(?:error|message): (?:\|-?$)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Key();

    [GeneratedRegex(@"^location: '(?<path>.*?)(?::\d+){0,2}'$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Location();
}
