using TarsEngine.Planning;
using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Branches;

namespace TarsAutonomy.Memory;

/// <summary>What earlier sessions learned of tasks, used before one is begun.</summary>
public sealed class NightMemory(NightStore store, Codebase codebase)
{
    public const string LandedRule = "memory/landed", FailedRule = "memory/failed-alike", HeldRule = "memory/held";

    /// <summary>So many attempts that came to the same end, in one session or several, and the task is not tried again as it is.</summary>
    private const int Alike = 2;

    /// <summary>Why a task is not to be run again as it is; null when it may.</summary>
    /// <param name="agent">Another agent may fare better.</param>
    public (string Rule, string Reason)? WhyNot(PlannedTask task, string agent)
    {
        var earlier = store.List().SelectMany(night => night.Tasks.Select(one => (Night: night, Task: one)))
            .Where(one => one.Task.TaskId == task.Id && one.Task.Fingerprint == task.Fingerprint).ToList();
        foreach (var (night, one) in earlier.Where(one => one.Task.Outcome == TaskOutcome.Landed))
        {
            if (Stands(one)) return (LandedRule, $"It landed in {night.Id} on the branch '{night.Branch}' ({one.Commit![..12]}): merge that, or roll it back.");
        }
        if (earlier.LastOrDefault(one => one.Task.Outcome == TaskOutcome.Held) is { Task: { } held, Night: var when } && Waits(held))
            return (HeldRule, $"It is held since {when.Id}: a person has to decide first ({held.Reason}).");
        var failures = earlier.Where(one => one.Night.Agent == agent && one.Task is { Outcome: TaskOutcome.Failed, Rule: not null }).GroupBy(one => one.Task.Rule!, StringComparer.Ordinal)
            .FirstOrDefault(alike => alike.Sum(one => Math.Max(1, one.Task.Attempts.Count)) >= Alike);
        return failures is null ? null
            : (FailedRule, $"It failed in the same way before ({failures.Last().Night.Id}: {failures.Last().Task.Reason}). Change the task, or run it with --retry.");
    }

    /// <summary>How long a task of the codebase takes as a rule: the median of those that landed; null where too few did.</summary>
    public TimeSpan? UsualTime()
    {
        var times = store.List(last: 30).SelectMany(night => night.Tasks).Where(task => task.Outcome == TaskOutcome.Landed).Select(task => task.Ended!.Value - task.Started).Order().ToList();
        return times.Count < 3 ? null : times[times.Count / 2];
    }

    private bool Stands(NightTask task) => task.Attempts is [.., var last] && codebase.BranchLandingOf(last.Context) is { State: BranchLandingState.Landed };

    private bool Waits(NightTask task) => task.Attempts is [.., var last] && codebase.Contexts.Get(last.Context)?.State.AwaitsReview() == true;
}
