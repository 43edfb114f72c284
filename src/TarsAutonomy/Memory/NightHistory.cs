using TarsAutonomy.Sessions;
using TarsEngine;
using TarsEngine.Branches;
using TarsEngine.Planning;

namespace TarsAutonomy.Memory;

/// <summary>The sessions as they stand today: what a person approved, rejected or rolled back since counts.</summary>
public sealed class NightHistory(NightStore store, Codebase codebase)
{
    public const string RejectedRule = "memory/rejected", RolledBackRule = "task/rolled-back";

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<NightSession> List(int last = int.MaxValue) => [.. store.List(last).Select(Today)];

    /// <summary>A session with its tasks as they stand now.</summary>
    public NightSession Today(NightSession session) => session with { Tasks = [.. session.Tasks.Select(Today)] };

    /// <summary>Whether what a task landed is still to be had: on its branch, or in HEAD.</summary>
    public async Task<bool> StandsAsync(NightTask task, CancellationToken cancellation)
    {
        if (task.Attempts is not [.., var last] || codebase.BranchLandingOf(last.Context) is not { State: BranchLandingState.Landed } landing || codebase.Branches is not { } branches) return false;
        foreach (var tip in (string?[])[await branches.TipAsync(landing.Branch, cancellation), await codebase.Base.ResolveAsync("HEAD", cancellation)])
        {
            if (tip is not null && await branches.ContainsAsync(tip, landing.After, cancellation)) return true;
        }
        return false;
    }

    private NightTask Today(NightTask task)
    {
        if (task.Attempts is not [.., var last] || task.Outcome is not (TaskOutcome.Landed or TaskOutcome.Held) || codebase.Contexts.Get(last.Context) is not { } context) return task;
        return context.State switch
        {
            ContextState.Landed when task.Outcome == TaskOutcome.Held => task with { Outcome = TaskOutcome.Landed, Rule = null, Reason = null, Commit = codebase.BranchLandingOf(context.Id)?.After },
            ContextState.Rejected => task with { Outcome = TaskOutcome.Failed, Rule = RejectedRule, Reason = $"rejected: {(codebase.Contexts.Reviews(context.Id) is [.., { Comment: { } said }] ? said : "no comment")}" },
            ContextState.RolledBack => task with { Outcome = TaskOutcome.Failed, Rule = RolledBackRule, Reason = "It landed, and a person rolled it back." },
            _ => task,
        };
    }
}
