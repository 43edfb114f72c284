using System.Globalization;
using System.Text;

namespace TarsAutonomy.Reports;

/// <summary>The morning report as Markdown: readable as plain text, and with foreign text unable to act as markup.</summary>
public static class MarkdownMorning
{
    public static string Write(MorningReport report)
    {
        var text = new StringBuilder();
        Line($"# {report.Night}: {ReportWords.Summary(report.Sums)}");
        Line();
        Line($"{report.State}, {ReportWords.Time(report.Started)}{(report.Ended is { } end ? $" to {ReportWords.Time(end)}" : "")} ({ReportWords.Span(report.Seconds)}).");
        Line($"Branch {MarkdownText.Code(report.Branch)}, made from {MarkdownText.Code(report.BaseCommit)} by {MarkdownText.Code(report.Agent)}.");
        if (report.Ending is { } ending) Line($"How it ended: {MarkdownText.Code(ending)}");
        Line();
        Line("| | |");
        Line("| --- | --- |");
        Line($"| landed | {ReportWords.Count(report.Sums.ChangedLines, "line")} in {ReportWords.Count(report.Sums.Files, "file")} |");
        Line($"| runs of the agent | {report.Sums.Attempts}, {ReportWords.Span(report.Sums.AttemptSeconds)} with their checks |");
        Line($"| used, as the agent claims | {ReportWords.Usage(report.Sums.Claimed)} |");
        Section("Landed", report.Landed, task => Task(text, task));
        Section("Not landed", report.NotLanded, task => Task(text, task));
        Section("Skipped", report.Skipped, task => Line($"- {Name(task)}: {Why(task)}"));
        Trend(text, report.Trend);
        Line();
        Line("## Productivity");
        Line();
        Line($"By hand about {ReportWords.Estimate(report.Productivity.HandMinutes)}, to review about {ReportWords.Estimate(report.Productivity.ReviewMinutes)}"
            + $"{(report.Productivity.Factor is { } factor ? string.Create(CultureInfo.InvariantCulture, $": {factor} times") : "")}. Cost, as the agent claims: {ReportWords.Usage(report.Sums.Claimed)}.");
        Line("An estimate. " + report.Productivity.Formula);
        return text.ToString();

        void Line(string line = "") => text.Append(line).Append('\n');

        void Section(string title, IEnumerable<TaskReport> tasks, Action<TaskReport> write)
        {
            if (!tasks.Any()) return;
            Line();
            Line($"## {title}");
            Line();
            foreach (var task in tasks) write(task);
        }
    }

    private static void Task(StringBuilder text, TaskReport task)
    {
        text.Append(CultureInfo.InvariantCulture, $"### {task.Ordinal}. {Name(task)}: {task.Outcome}\n\n");
        if (task.Commit is { } commit) text.Append(CultureInfo.InvariantCulture, $"- commit {MarkdownText.Code(commit)}\n");
        if (task.Reason is not null || task.Rule is not null) text.Append(CultureInfo.InvariantCulture, $"- why: {Why(task)}\n");
        if (task.Attempts.Count > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {ReportWords.Size(task)}\n- {ReportWords.Verdict(task)}; tests: {ReportWords.Tests(task.Tests)}; before: {ReportWords.Tests(task.TestsBefore)}\n");
            text.Append(CultureInfo.InvariantCulture, $"- the agent claims to have used {ReportWords.Usage(task.Claimed)}\n");
        }
        foreach (var finding in task.Findings)
            text.Append(CultureInfo.InvariantCulture, $"- {finding.Severity} {MarkdownText.Code(finding.Rule)}{(ReportWords.Place(finding) is { Length: > 0 } place ? " " + MarkdownText.Code(place) : "")}: {MarkdownText.Code(finding.Message)}{(finding.Remedy is { } remedy ? " " + MarkdownText.Code(remedy) : "")}\n");
        if (task.FindingsLeftOut > 0) text.Append(CultureInfo.InvariantCulture, $"- and {ReportWords.Count(task.FindingsLeftOut, "finding")} more\n");
        if (task.Next is { } next) text.Append(CultureInfo.InvariantCulture, $"- what to do: `{next}`\n");
        if (task.Diff is { } diff)
        {
            text.Append('\n').Append(MarkdownText.Block(diff.Lines, "diff"));
            if (diff.LinesLeftOut > 0) text.Append(CultureInfo.InvariantCulture, $"({ReportWords.Count(diff.LinesLeftOut, "line")} more)\n");
        }
        text.Append('\n');
    }

    private static void Trend(StringBuilder text, SuccessTrend trend)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## Success rate\n\nOf the tasks that landed or failed in the last {ReportWords.Count(trend.Nights.Count, "night")}, {ReportWords.Percent(trend.Overall)} % landed; the target is {ReportWords.Percent(trend.Target)} %. Held and skipped ones count as neither.\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{string.Join(' ', trend.Nights.Select(night => ReportWords.Percent(night.Rate)))}\n");
    }

    private static string Name(TaskReport task) => $"{MarkdownText.Code(task.Task)} {MarkdownText.Code(task.Description)}";

    private static string Why(TaskReport task) => $"{(task.Rule is { } rule ? MarkdownText.Code(rule) + " " : "")}{MarkdownText.Code(task.Reason ?? "")}";
}
