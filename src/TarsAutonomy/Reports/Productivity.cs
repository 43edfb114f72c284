namespace TarsAutonomy.Reports;

/// <summary>What a night saved, by estimate, against what it costs a person to look at it.</summary>
/// <param name="HandMinutes">An estimate: what the landed tasks would have taken by hand.</param>
/// <param name="ReviewMinutes">An estimate: what reading the landed and the held changes takes.</param>
/// <param name="Factor">The first by the second; null where there is nothing to read.</param>
/// <param name="Formula">How both were come by.</param>
public sealed record Productivity(int HandLines, double HandMinutes, int ReviewLines, double ReviewMinutes, double? Factor, string Formula)
{
    internal static Productivity Of(IReadOnlyList<TaskReport> tasks, ReportSettings settings)
    {
        var landed = tasks.Where(task => task.Outcome == ReportWords.Landed).ToList();
        var handLines = landed.Sum(Work);
        var reviewLines = landed.Sum(task => task.ChangedLines) + tasks.Where(task => task.Outcome == ReportWords.Held).Sum(task => task.ChangedLines);
        var (hand, review) = ((double)handLines * settings.MinutesPerLine, Math.Round((double)reviewLines / settings.ReviewLinesPerMinute, 1));
        return new(handLines, hand, reviewLines, review, review > 0 ? Math.Round(hand / review, 1) : null,
            $"By hand: {handLines} lines × {settings.MinutesPerLine} min a line (of each landed task the fewer of the lines that the plan estimates and those that changed). "
            + $"Review: {reviewLines} changed lines, held changes included, at {settings.ReviewLinesPerMinute} lines a minute.");
    }

    // An agent that writes at length, or a plan that estimates high, saves nobody more time.
    private static int Work(TaskReport task) => task.EstimatedLines is > 0 and var estimated ? Math.Min(estimated, task.ChangedLines) : task.ChangedLines;
}
