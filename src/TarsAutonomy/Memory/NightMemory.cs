using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Memory;

/// <summary>What earlier sessions learned of tasks, used before one is begun.</summary>
public sealed class NightMemory(NightHistory history)
{
    public const string LandedRule = "memory/landed", FailedRule = "memory/failed-alike", HeldRule = "memory/held";

    /// <summary>So many attempts that came to the same end, in one session or several, and the task is not tried again as it is.</summary>
    private const int Alike = 2;

    // Of the surroundings, not of the task.
    private static readonly string[] surroundings = ["agent/unavailable", "agent/none", "agent/failed", "task/cancelled", "task/rolled-back", "task/not-possible"];

    /// <summary>Why a task is not to be run again as it is; null when it may.</summary>
    /// <param name="agent">Another agent may fare better.</param>
    public async Task<(string Rule, string Reason)?> WhyNotAsync(PlannedTask task, string agent, CancellationToken cancellation)
    {
        var earlier = history.List().SelectMany(night => night.Tasks.Select(one => (Night: night, Task: one)))
            .Where(one => one.Task.TaskId == task.Id && one.Task.Fingerprint == task.Fingerprint).ToList();
        foreach (var (night, one) in earlier.Where(one => one.Task.Outcome == TaskOutcome.Landed))
        {
            if (await history.StandsAsync(one, cancellation)) return (LandedRule, $"It landed in {night.Id} on the branch '{night.Branch}' ({one.Commit![..12]}): merge that, roll it back, or delete the branch.");
        }
        if (earlier.LastOrDefault(one => one.Task.Outcome == TaskOutcome.Held) is { Task: { } held, Night: var when })
            return (HeldRule, $"It is held since {when.Id}: a person has to decide first ({held.Reason}).");
        if (earlier.LastOrDefault() is { Task: { Rule: NightHistory.RejectedRule } rejected, Night: var no }) return (NightHistory.RejectedRule, $"A person rejected it in {no.Id}: {rejected.Reason} Change the task, or run it with --retry.");
        var failures = earlier.Where(one => one.Night.Agent == agent && one.Task is { Outcome: TaskOutcome.Failed, Rule: { } rule } && !surroundings.Contains(rule, StringComparer.Ordinal))
            .GroupBy(one => one.Task.Rule!, StringComparer.Ordinal).FirstOrDefault(alike => alike.Sum(one => Math.Max(1, one.Task.Attempts.Count)) >= Alike);
        return failures is null ? null
            : (FailedRule, $"It failed in the same way before ({failures.Last().Night.Id}: {failures.Last().Task.Reason}). Change the task, or run it with --retry.");
    }

    /// <summary>How long a task of the codebase takes as a rule: the median of those that landed; null where too few did.</summary>
    public TimeSpan? UsualTime()
    {
        var times = history.List(last: 30).SelectMany(night => night.Tasks).Where(task => task is { Outcome: TaskOutcome.Landed, Ended: not null }).Select(task => task.Ended!.Value - task.Started).Order().ToList();
        return times.Count < 3 ? null : times[times.Count / 2];
    }
}
