using System.Text;
using TarsAutonomy.Reports;
using TarsAutonomy.Sessions;
using TarsEngine.Review;

namespace TarsAutonomy.Alerts;

/// <summary>What to tell of a session that has ended: one message, however much happened. Who gets many reads none.</summary>
public static class SessionAlert
{
    private const int MostTasks = 20;

    /// <param name="wanted">Kinds that the user asked for; the gravest of those that apply is told.</param>
    /// <param name="report">Where its morning report lies.</param>
    /// <returns>Null when nothing that is asked for happened.</returns>
    public static Alert? Of(NightSession session, IReadOnlySet<AlertKind> wanted, string? report)
    {
        AlertKind[] happened =
        [
            .. session.State == NightState.Stopped ? [AlertKind.Stopped] : (AlertKind[])[],
            .. Any(TaskOutcome.Failed) ? [AlertKind.Failed] : (AlertKind[])[],
            .. Any(TaskOutcome.Held) ? [AlertKind.Held] : (AlertKind[])[],
            AlertKind.Finished,
        ];
        foreach (var kind in happened.Where(wanted.Contains))
            return new(kind, $"{session.Id}: {Summary(session)}", Text(session, report), session.Id) { Report = report };
        return null;

        bool Any(TaskOutcome outcome) => session.Tasks.Any(task => task.Outcome == outcome);
    }

    private static string Summary(NightSession session) => string.Join(", ", session.Tasks.GroupBy(task => task.Outcome).OrderBy(group => group.Key)
        .Select(group => $"{group.Count()} {ReportWords.Of(group.Key)}").DefaultIfEmpty("no tasks"));

    private static string Text(NightSession session, string? report)
    {
        var text = new StringBuilder();
        text.Append("Branch ").AppendLine(session.Branch);
        if (session.Ending is { } ending) text.Append("How it ended: ").AppendLine(SafeText.Line(ending));
        foreach (var task in session.Tasks.Take(MostTasks))
            text.Append("- ").Append(ReportWords.Of(task.Outcome)).Append(": ").Append(SafeText.Line(task.TaskId, 100)).Append(' ').Append(SafeText.Line(task.Description, 200))
                .AppendLine(task.Reason is null ? "" : $" ({SafeText.Line(task.Reason, 300)})");
        if (session.Tasks.Count > MostTasks) text.Append("and ").Append(session.Tasks.Count - MostTasks).AppendLine(" more");
        if (report is not null) text.Append("Report: ").AppendLine(report);
        return text.ToString().ReplaceLineEndings("\n");
    }
}
