using System.Globalization;
using TarsAutonomy.Sessions;
using TarsEngine.Documents;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.Reports;

/// <summary>The words and numbers of a report, alike in all of its formats. None of them is safe for markup yet.</summary>
internal static class ReportWords
{
    public const string Landed = "landed";
    public const string Held = "held";
    public const string Skipped = "skipped";

    public static string Of(TaskOutcome outcome) => outcome switch
    {
        TaskOutcome.Running => "running",
        TaskOutcome.Landed => Landed,
        TaskOutcome.Failed => "failed",
        TaskOutcome.Held => Held,
        TaskOutcome.Skipped => Skipped,
        TaskOutcome.Abandoned => "abandoned",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "An outcome without a word."),
    };

    public static string Of(NightState state) => state switch
    {
        NightState.Running => "running",
        NightState.Finished => "finished",
        NightState.Stopped => "stopped",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, "A state without a word."),
    };

    public static string? Next(TaskOutcome outcome, ContextId? context) => (outcome, context) switch
    {
        (TaskOutcome.Held, { } id) => $"tarscli execute review --context-id {id}",
        (TaskOutcome.Failed, { } id) => $"tarscli execute status --context-id {id} --detail",
        (TaskOutcome.Abandoned or TaskOutcome.Running, _) => "tarscli autonomous resume",
        (TaskOutcome.Skipped, _) => "tarscli tasks check",
        _ => null,
    };

    /// <summary>'3 landed, 1 failed'; what there is none of is left out.</summary>
    public static string Summary(NightSums sums)
    {
        var parts = new (int Count, string Word)[]
        {
            (sums.Landed, Landed), (sums.Failed, "failed"), (sums.Held, Held), (sums.Skipped, Skipped), (sums.Abandoned, "abandoned"), (sums.Running, "running"),
        };
        var said = string.Join(", ", parts.Where(part => part.Count > 0).Select(part => $"{part.Count} {part.Word}"));
        return said.Length > 0 ? said : "no tasks";
    }

    public static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number:N0} {what}{(number == 1 ? "" : "s")}");

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    public static string Span(double? seconds) => seconds is null ? "?" : Durations.Format(TimeSpan.FromSeconds(Math.Round(seconds.Value)));

    /// <summary>Of minutes; the seconds of an estimate would pretend to know.</summary>
    public static string Estimate(double minutes) => Durations.Format(TimeSpan.FromMinutes(Math.Ceiling(minutes)));

    public static string Percent(double? rate) => rate is null ? "–" : Math.Round(rate.Value * 100).ToString(CultureInfo.InvariantCulture);

    public static string Usage(ClaimedUsage? claimed) => claimed is null
        ? "nothing"
        : string.Create(CultureInfo.InvariantCulture, $"{claimed.InputTokens:N0} tokens in, {claimed.OutputTokens:N0} out{(claimed.Cost is { } cost ? $", ${cost:0.00##}" : "")}");

    public static string Tests(ReportTests? tests) => tests is null ? "none known" : string.Create(CultureInfo.InvariantCulture, $"{tests.Passed:N0} passed, {tests.Failed:N0} failed, {tests.Skipped:N0} skipped");

    public static string Verdict(TaskReport task) => task.Verdict is "pass" or "hold" or "fail" ? $"verdict {task.Verdict}, {(task.Proven ? "proven" : "unproven")}" : "no verdict known";

    public static string Place(ReportFinding finding) => finding.Path is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{finding.Path}{(finding.Line is { } line ? $":{line}" : "")}");

    /// <summary>'2 files, 14 lines changed, 1 attempt, 4m12s'.</summary>
    public static string Size(TaskReport task)
    {
        var parts = new List<string>();
        if (task.Files.Count > 0) parts.Add(Count(task.Files.Count + task.FilesLeftOut, "file"));
        if (task.ChangedLines > 0) parts.Add(Count(task.ChangedLines, "line") + " changed");
        parts.Add(Count(task.Attempts.Count, "attempt"));
        parts.Add(Span(task.Seconds));
        return string.Join(", ", parts);
    }
}
