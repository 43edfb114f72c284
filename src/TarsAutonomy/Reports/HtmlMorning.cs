using System.Globalization;
using System.Text;

namespace TarsAutonomy.Reports;

/// <summary>
/// The morning report as one page without anything from elsewhere, for a phone as well as for a screen. Everything that others wrote is
/// escaped; should an escape ever be missing, the page's own policy lets no script run and nothing be loaded.
/// </summary>
public static class HtmlMorning
{
    private const string Style = """
        :root{color-scheme:light dark;--add:#d7f5dd;--del:#ffdcdc;--line:#8886;--good:#2a8a46;--bad:#c4372b}
        @media(prefers-color-scheme:dark){:root{--add:#12381d;--del:#4a1a1a;--good:#4cc26f;--bad:#f0705f}}
        body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:0 auto;padding:1rem;overflow-wrap:anywhere}
        h1{font-size:1.4rem}h2{font-size:1.15rem;border-bottom:1px solid var(--line)}h3{font-size:1rem;margin-bottom:.2rem}
        pre{overflow-x:auto;font:12px/1.4 ui-monospace,monospace;border:1px solid var(--line);padding:.5rem}
        pre span{display:block;white-space:pre}summary{cursor:pointer;padding:.3rem 0}ul{padding-left:1.2rem}
        .add{background:var(--add)}.del{background:var(--del)}.hunk,.note{opacity:.65}
        .landed{color:var(--good)}.failed,.abandoned{color:var(--bad)}svg{max-width:100%}
        rect.good{fill:var(--good)}rect.bad{fill:var(--bad)}rect.none{fill:var(--line)}line.target{stroke:currentColor;stroke-dasharray:3 3}
        """;

    public static string Write(MorningReport report)
    {
        var text = new StringBuilder();
        var title = $"{report.Night}: {ReportWords.Summary(report.Sums)}";
        Line("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
        Line("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">");
        Line($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{HtmlText.Escape(title)}</title>\n<style>\n{Style}\n</style></head><body>");
        Line($"<h1>{HtmlText.Escape(title)}</h1>");
        Line($"<p>{report.State}, {ReportWords.Time(report.Started)}{(report.Ended is { } end ? $" to {ReportWords.Time(end)}" : "")} ({ReportWords.Span(report.Seconds)})");
        Line($"<br>Branch {Code(report.Branch)}, made from {Code(report.BaseCommit)} by {Code(report.Agent)}");
        if (report.Ending is { } ending) Line($"<br>How it ended: {HtmlText.Escape(ending)}");
        Line("</p>\n<ul>");
        Line($"<li>Landed: {ReportWords.Count(report.Sums.ChangedLines, "line")} in {ReportWords.Count(report.Sums.Files, "file")}</li>");
        Line($"<li>Runs of the agent: {report.Sums.Attempts}, {ReportWords.Span(report.Sums.AttemptSeconds)} with their checks</li>");
        Line($"<li>Used, as the agent claims: {ReportWords.Usage(report.Sums.Claimed)}</li>\n</ul>");
        Section("Landed", report.Landed);
        Section("Not landed", report.NotLanded);
        Section("Skipped", report.Skipped);
        Line("<h2>Success rate</h2>");
        text.Append(TrendChart.Svg(report.Trend));
        Line($"<p>Of the tasks that landed or failed in the last {ReportWords.Count(report.Trend.Nights.Count, "night")}, {ReportWords.Percent(report.Trend.Overall)} % landed; the target is {ReportWords.Percent(report.Trend.Target)} %. Held and skipped ones count as neither.</p>");
        Line("<h2>Productivity</h2>");
        Line($"<p>By hand about {ReportWords.Estimate(report.Productivity.HandMinutes)}, to review about {ReportWords.Estimate(report.Productivity.ReviewMinutes)}"
            + $"{(report.Productivity.Factor is { } factor ? string.Create(CultureInfo.InvariantCulture, $": {factor} times") : "")}. Cost, as the agent claims: {ReportWords.Usage(report.Sums.Claimed)}.</p>");
        Line($"<p><small>An estimate. {HtmlText.Escape(report.Productivity.Formula)}</small></p>\n</body></html>");
        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void Section(string heading, IEnumerable<TaskReport> tasks)
        {
            if (!tasks.Any()) return;
            Line($"<h2>{heading}</h2>");
            foreach (var task in tasks) Task(text, task);
        }
    }

    private static void Task(StringBuilder text, TaskReport task)
    {
        Line($"<h3>{task.Ordinal}. {HtmlText.Escape(task.Task)}: {HtmlText.Escape(task.Description)} <span class=\"{task.Outcome}\">{task.Outcome}</span></h3>\n<ul>");
        if (task.Commit is { } commit) Line($"<li>commit {Code(commit)}</li>");
        if (task.Reason is not null || task.Rule is not null) Line($"<li>why: {(task.Rule is { } rule ? Code(rule) + " " : "")}{HtmlText.Escape(task.Reason ?? "")}</li>");
        if (task.Attempts.Count > 0)
        {
            Line($"<li>{ReportWords.Size(task)}</li>\n<li>{HtmlText.Escape(ReportWords.Verdict(task))}; tests: {ReportWords.Tests(task.Tests)}; before: {ReportWords.Tests(task.TestsBefore)}</li>");
            Line($"<li>the agent claims to have used {ReportWords.Usage(task.Claimed)}</li>");
        }
        foreach (var finding in task.Findings)
            Line($"<li>{HtmlText.Escape(finding.Severity)} {Code(finding.Rule)} {HtmlText.Escape(ReportWords.Place(finding))}: {HtmlText.Escape(finding.Message)}{(finding.Remedy is { } remedy ? " " + HtmlText.Escape(remedy) : "")}</li>");
        if (task.FindingsLeftOut > 0) Line($"<li>and {ReportWords.Count(task.FindingsLeftOut, "finding")} more</li>");
        if (task.Next is { } next) Line($"<li>what to do: {Code(next)}</li>");
        Line("</ul>");
        if (task.Diff is { } diff) text.Append(HtmlText.Diff(diff));

        void Line(string line) => text.Append(line).Append('\n');
    }

    private static string Code(string words) => $"<code>{HtmlText.Escape(words)}</code>";
}
