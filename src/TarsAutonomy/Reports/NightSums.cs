using TarsAutonomy.Sessions;

namespace TarsAutonomy.Reports;

/// <summary>A night in numbers.</summary>
/// <param name="Files">Different files among what landed; those of tasks whose record is gone aren't counted.</param>
/// <param name="ChangedLines">Lines added and removed by what landed.</param>
/// <param name="Attempts">Runs of the agent.</param>
/// <param name="AttemptSeconds">How long they took, with the checks behind each.</param>
public sealed record NightSums(
    int Landed, int Failed, int Held, int Skipped, int Abandoned, int Running, int Files, int ChangedLines, int Attempts, double AttemptSeconds, ClaimedUsage? Claimed)
{
    internal static NightSums Of(NightSession session, IReadOnlyList<TaskReport> tasks)
    {
        var landed = tasks.Where(task => task.Outcome == ReportWords.Landed).ToList();
        return new(
            Count(TaskOutcome.Landed), Count(TaskOutcome.Failed), Count(TaskOutcome.Held), Count(TaskOutcome.Skipped), Count(TaskOutcome.Abandoned), Count(TaskOutcome.Running),
            landed.SelectMany(task => task.Files).Select(file => file.Path).Distinct(StringComparer.Ordinal).Count(),
            landed.Sum(task => task.ChangedLines),
            tasks.Sum(task => task.Attempts.Count),
            tasks.SelectMany(task => task.Attempts).Sum(attempt => attempt.Seconds),
            ClaimedUsage.Sum(tasks.Select(task => task.Claimed)));

        int Count(TaskOutcome outcome) => session.Tasks.Count(task => task.Outcome == outcome);
    }
}
