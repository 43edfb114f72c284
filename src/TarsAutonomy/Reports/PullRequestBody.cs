using System.Globalization;
using System.Text;

namespace TarsAutonomy.Reports;

/// <summary>A pull request's title and text, in the seeds' words. It claims nothing but what a verdict of ours says.</summary>
public sealed record PullRequestBody(string Title, string Body)
{
    private const int MostTasks = 50;

    /// <param name="otherChecks">What else was checked, and how it came out, in our own sentences; such as the codebase's own gate.</param>
    public static PullRequestBody Of(MorningReport report, IReadOnlyList<string>? otherChecks = null)
    {
        var landed = report.Landed.ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"## Autonomous Session Results\n\n**Completed**: {ReportWords.Count(landed.Count, "task")} ({report.Night}: {ReportWords.Summary(report.Sums)})\n\n### Tasks Completed:\n");
        foreach (var task in landed.Take(MostTasks))
            text.Append(CultureInfo.InvariantCulture, $"- ✅ {MarkdownText.Code(task.Task)} {MarkdownText.Code(task.Description)}{(task.Commit is { } commit ? $" ({MarkdownText.Code(commit)})" : "")}\n");
        if (landed.Count > MostTasks) text.Append(CultureInfo.InvariantCulture, $"- and {ReportWords.Count(landed.Count - MostTasks, "task")} more\n");
        text.Append("\n### Quality Checks:\n");
        foreach (var line in Checks(landed)) text.Append("- ").Append(line).Append('\n');
        foreach (var line in otherChecks ?? []) text.Append("- ").Append(line).Append('\n');
        text.Append("\n**Review carefully before merging.**\n");
        return new($"Autonomous session: {ReportWords.Count(landed.Count, "task")}", text.ToString());
    }

    private static IEnumerable<string> Checks(List<TaskReport> landed)
    {
        var passed = landed.Count(task => task.Verdict == "pass");
        var proven = landed.Count(task => task is { Verdict: "pass", Proven: true });
        if (proven > 0) yield return $"✅ {proven} of {ReportWords.Count(landed.Count, "task")} passed our own run of their checks, each on the tree that was committed";
        if (passed > proven) yield return $"⚠️ {ReportWords.Count(passed - proven, "task")} passed, with no test or check that proves the change";
        if (landed.Count > passed) yield return $"⚠️ {ReportWords.Count(landed.Count - passed, "task")} without a known verdict of ours";
        if (landed.LastOrDefault()?.Tests is not { } tests)
        {
            if (landed.Count > 0) yield return "⚠️ No test figures are known for the last commit";
            yield break;
        }
        var ran = tests.Passed + tests.Failed;
        yield return ran == 0
            ? "⚠️ No tests were run for the last commit"
            : $"{(tests.Failed == 0 ? "✅" : "⚠️")} {ReportWords.Count(ran, "test")} run for the last commit: {ReportWords.Tests(tests)}{(tests.Failed > 0 ? ", which failed before the change, too, or count neither way" : "")}";
    }
}
