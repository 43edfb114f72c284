using System.Globalization;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>A report for people: what status and review show.</summary>
internal static class ReportText
{
    /// <summary>What a run answers when it ends: head, figures, findings, transactions.</summary>
    public static void WriteEnd(Screen screen, ExecutionReport report, bool withFindings)
    {
        Head(screen, report);
        if (withFindings) FindingText.Write(screen, report.Findings);
        Transactions(screen, report);
    }

    public static void Write(Screen screen, ExecutionReport report, int logLines)
    {
        Head(screen, report);
        if (report.Error is not null)
        {
            screen.Answer("Error", Style.Strong);
            screen.Answer("  " + report.Error.Replace("\n", "\n  ", StringComparison.Ordinal), Style.Bad);
        }
        Files(screen, report);
        FindingText.Write(screen, report.Findings);
        Transactions(screen, report);
        Section(screen, "Reviews", report.Reviews, r =>
            screen.Answer(($"  {r.Decision}", Words.StyleOf(r.Decision)), ($" by {r.Reviewer}, {Words.Time(r.At)}{(r.Comment is null ? "" : $": {r.Comment}")}", Style.Plain)));
        Log(screen, report.Log, logLines);
        if (report.Diff is { Length: > 0 } diff)
        {
            screen.Answer("Diff", Style.Strong);
            Diff(screen, diff);
        }
    }

    /// <summary>'3 of 3 steps · 2 files, +4 −1 · verdict pass · tests 12 passed (12 before)'.</summary>
    public static string Summary(ExecutionReport report)
    {
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{report.StepsDone} of {report.StepsTotal} steps") };
        if (report.Files.Count > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{report.Files.Count} {(report.Files.Count == 1 ? "file" : "files")}, +{report.Files.Sum(f => f.Added)} −{report.Files.Sum(f => f.Removed)}"));
        if (report.Verdict is not null) parts.Add($"verdict {report.Verdict}{(report.Proven ? "" : ", unproven")}");
        if (report.Tests is not null)
            parts.Add($"tests: {Tests(report.Tests)}" + (report.BaselineTests is null ? "" : $" (before: {Tests(report.BaselineTests)})"));
        return string.Join(" · ", parts);
    }

    public static void Diff(Screen screen, string diff)
    {
        foreach (var line in diff.TrimEnd('\n').Split('\n'))
        {
            var style = line switch
            {
                _ when line.StartsWith("diff --git ", StringComparison.Ordinal) => Style.Strong,
                _ when line.StartsWith("+++", StringComparison.Ordinal) || line.StartsWith("---", StringComparison.Ordinal) => Style.Strong,
                ['+', ..] => Style.Good,
                ['-', ..] => Style.Bad,
                ['@', '@', ..] => Style.Accent,
                [' ', ..] => Style.Plain,
                _ => Style.Dim,
            };
            screen.Answer((line, style));
        }
    }

    private static void Head(Screen screen, ExecutionReport report)
    {
        screen.Answer((report.Id, Style.Strong), ("  ", Style.Plain), (report.State.Replace('-', ' ') + (report.DryRun ? " (dry run)" : ""), Words.StyleOf(report.State)),
            ($"  {report.Improvement}  {report.Title}", Style.Plain));
        screen.Answer(("  " + Summary(report), Style.Plain));
        screen.Answer(($"  started {Words.Time(report.Created)}, updated {Words.Time(report.Updated)}", Style.Dim));
    }

    private static void Transactions(Screen screen, ExecutionReport report)
    {
        if (report.Commit is { } commit)
            screen.Answer(($"  {commit.Branch}", Style.Strong), ($"  commit {commit.Id[..12]}, {commit.State.Replace('-', ' ')}{(commit.Undo is null ? "" : $" by {commit.Undo[..12]}")}", Style.Plain));
        TransactionList(screen, report);
    }

    private static void TransactionList(Screen screen, ExecutionReport report) => Section(screen, "Transactions", report.Transactions, t =>
        screen.Answer(($"  {t.Id}", Style.Strong), ($"  {t.Name}, {t.Kind}, {t.State}, {t.Files} {(t.Files == 1 ? "file" : "files")}, {Words.Time(t.At)}", Style.Plain)));

    private static void Files(Screen screen, ExecutionReport report) => Section(screen, "Files", report.Files, f =>
        screen.Answer(($"  {f.Action,-9}", Style.Dim), ($" {(f.RenamedFrom is null ? "" : $"{f.RenamedFrom} → ")}{f.Path}", Style.Plain),
            (f.Binary ? "  binary" : f.Added + f.Removed == 0 ? "" : $"  +{f.Added} −{f.Removed}", Style.Dim)));

    private static void Log(Screen screen, IReadOnlyList<ReportLogLine> log, int most)
    {
        if (log.Count == 0) return;
        screen.Answer(log.Count > most ? $"Log (the last {most} of {log.Count} lines; --detail shows all)" : "Log", Style.Strong);
        foreach (var line in log.Skip(Math.Max(0, log.Count - most)))
            screen.Answer(($"  {Words.Clock(line.At)} ", Style.Dim), (line.Text, Words.StyleOf(line.Level)));
    }

    private static void Section<T>(Screen screen, string title, IReadOnlyList<T> items, Action<T> write)
    {
        if (items.Count == 0) return;
        screen.Answer(title, Style.Strong);
        foreach (var item in items) write(item);
    }

    private static string Tests(ReportTests tests) => string.Create(CultureInfo.InvariantCulture, $"{tests.Passed} passed")
        + (tests.Failed > 0 ? string.Create(CultureInfo.InvariantCulture, $", {tests.Failed} failed") : "")
        + (tests.Skipped > 0 ? string.Create(CultureInfo.InvariantCulture, $", {tests.Skipped} skipped") : "");
}
