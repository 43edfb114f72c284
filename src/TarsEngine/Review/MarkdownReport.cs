using System.Globalization;
using System.Text;

namespace TarsEngine.Review;

/// <summary>The report for people: readable as plain text, and with foreign text unable to act as markup.</summary>
internal static class MarkdownReport
{
    public static string Write(ExecutionReport report)
    {
        var text = new StringBuilder();
        Line($"# {report.Id}: {Escape(report.State)}");
        Line();
        Line($"{report.Improvement} {Escape(report.Title)}{(report.DryRun ? " (dry run: nothing landed)" : "")}");
        Line();
        Line("| | |");
        Line("| --- | --- |");
        Line($"| started | {Time(report.Created)} |");
        Line($"| updated | {Time(report.Updated)} |");
        Line($"| steps | {report.StepsDone} of {report.StepsTotal} |");
        Line($"| verdict | {report.Verdict ?? "none"}{(report.Proven ? "" : ", unproven")} |");
        Line($"| tests | {Tests(report.Tests)}; before the change: {Tests(report.BaselineTests)} |");
        Line($"| base tree | `{report.BaseTree ?? "unknown"}` |");
        Line($"| result tree | `{report.ResultTree ?? "none"}` |");
        if (report.Error is not null) Line($"| error | {Escape(report.Error)} |");
        Section("Files", report.Files, "| file | what | lines |\n| --- | --- | --- |", f =>
            $"| {Escape(f.RenamedFrom is null ? f.Path : $"{f.RenamedFrom} → {f.Path}")} | {f.Action} | {(f.Binary ? "binary" : $"+{f.Added} −{f.Removed}")} |");
        Section("Findings", report.Findings, "", f =>
            $"- **{f.Severity}** {f.Rule}{(f.Path is null ? "" : $" {Escape(f.Path)}{(f.Line is null ? "" : $":{f.Line}{(f.Column is null ? "" : $":{f.Column}")}")}")}: {Escape(f.Message)}{(f.Remedy is null ? "" : $" {Escape(f.Remedy)}")}{Excerpt(f)}");
        Section("Transactions", report.Transactions, "", t => $"- {t.Id} ({Escape(t.Name)}, {t.Kind}): {t.State}, {Time(t.At)}, {t.Files} files");
        Section("Reviews", report.Reviews, "", r => $"- {r.Decision} by {Escape(r.Reviewer)}, {Time(r.At)}{(r.Comment is null ? "" : $": {Escape(r.Comment)}")}");
        if (report.Diff is { Length: > 0 } diff)
        {
            var fence = new string('`', Math.Max(3, LongestRun(diff) + 1));
            Line();
            Line("## Diff");
            Line();
            Line($"{fence}diff");
            text.Append(diff.EndsWith('\n') ? diff : diff + "\n");
            Line(fence);
        }
        return text.ToString();

        void Line(string line = "") => text.Append(line).Append('\n');

        void Section<T>(string title, IReadOnlyList<T> items, string head, Func<T, string> item)
        {
            if (items.Count == 0) return;
            Line();
            Line($"## {title}");
            Line();
            if (head.Length > 0) Line(head);
            foreach (var one in items) Line(item(one));
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Tests(ReportTests? tests) => tests is null
        ? "none"
        : $"{tests.Passed} passed, {tests.Failed} failed, {tests.Skipped} skipped";

    private static string Excerpt(ReportFinding finding)
    {
        if (string.IsNullOrWhiteSpace(finding.Excerpt)) return "";
        var source = SafeText.Line(finding.Excerpt.TrimEnd('\r'));
        var fence = new string('`', Math.Max(3, LongestRun(source) + 1));
        return $"\n  {fence}\n  {source}\n  {fence}";
    }

    private static string Escape(string text)
    {
        var safe = new StringBuilder();
        foreach (var c in SafeText.Line(text.ReplaceLineEndings(" ")))
        {
            if (c is '|' or '<' or '>' or '*' or '_' or '`' or '[' or ']' or '\\' or '#' or '!') safe.Append('\\');
            safe.Append(c);
        }
        return safe.ToString();
    }

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (var c in text) longest = Math.Max(longest, run = c == '`' ? run + 1 : 0);
        return longest;
    }
}
