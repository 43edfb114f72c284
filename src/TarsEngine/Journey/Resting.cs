using TarsEngine.Changes;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Validation;

namespace TarsEngine.Journey;

/// <summary>Where a context and its improvement come to rest.</summary>
internal readonly record struct Resting(ContextState Context, ImprovementState Improvement)
{
    public static Resting Of(ExecutionOutcome outcome, bool dryRun) => outcome switch
    {
        ExecutionOutcome.Landed => new(ContextState.Landed, ImprovementState.Landed),
        ExecutionOutcome.AwaitingReview => new(ContextState.AwaitingReview, ImprovementState.AwaitingReview),
        ExecutionOutcome.DryRunFinished => new(ContextState.AwaitingReview, ImprovementState.Ready),
        ExecutionOutcome.Held => new(ContextState.Held, dryRun ? ImprovementState.Ready : ImprovementState.AwaitingReview),
        ExecutionOutcome.Failed or ExecutionOutcome.PlanRefused => new(ContextState.Failed, ImprovementState.Failed),
        ExecutionOutcome.Denied => new(ContextState.Denied, ImprovementState.Failed),
        ExecutionOutcome.Conflicted => new(ContextState.Conflicted, ImprovementState.Failed),
        ExecutionOutcome.NothingToDo => new(ContextState.NothingToDo, ImprovementState.Ready),
        ExecutionOutcome.Rejected => new(ContextState.Rejected, ImprovementState.Rejected),
        ExecutionOutcome.Cancelled => new(ContextState.Cancelled, ImprovementState.Ready),
        _ => throw new ArgumentException($"A run does not end as {outcome.GetType().Name}.", nameof(outcome)),
    };

    /// <summary>Back where a context waited for a person, or was going to, by its verdict.</summary>
    public static Resting Of(ExecutionContext context) => new(
        Verdict.FromJson(context.Verdict!).Outcome == VerdictOutcome.Hold ? ContextState.Held : ContextState.AwaitingReview,
        context.DryRun ? ImprovementState.Ready : ImprovementState.AwaitingReview);

    /// <summary>By what stands in the codebase of what was landed; null when it never landed.</summary>
    public static Resting? Of(ContextStanding standing) => standing switch
    {
        ContextStanding.Whole => new(ContextState.Landed, ImprovementState.Landed),
        ContextStanding.Partly => new(ContextState.PartlyRolledBack, ImprovementState.Landed),
        ContextStanding.Nothing => new(ContextState.RolledBack, ImprovementState.RolledBack),
        _ => null,
    };

    /// <summary>Brings context and improvement to rest in one transaction. Only an improvement's newest context moves it.</summary>
    public void Write(Codebase codebase, ExecutionContext context, string actor, string? error)
    {
        var (next, improvement) = this;
        codebase.Database.Write($"settle {context.Id}", tx =>
        {
            codebase.Contexts.Advance(tx, context.Id, Enum.GetValues<ContextState>(), next, actor, new() { Error = error });
            if (ExecutionContextStore.IsNewest(tx, context))
                codebase.Improvements.Move(tx, context.Improvement, Enum.GetValues<ImprovementState>(), improvement);
        });
    }

    /// <summary>Why the change is not in the codebase, for people; null where there is nothing to explain.</summary>
    public static string? Why(ExecutionOutcome outcome) => outcome switch
    {
        ExecutionOutcome.Failed failed => First($"did not pass {failed.Stage}", failed.Findings),
        ExecutionOutcome.Denied denied => First("denied by policy", denied.Findings),
        ExecutionOutcome.Held held => First("held for a person", held.Verdict.Findings),
        ExecutionOutcome.PlanRefused refused => string.Join('\n', refused.Problems.Select(p => p.Message)),
        ExecutionOutcome.Conflicted conflicted => string.Join('\n', conflicted.Conflicts.Select(c => $"{c.Path}: {c.Explanation}")),
        ExecutionOutcome.NothingToDo nothing => nothing.Why,
        _ => null,
    };

    private static string First(string what, IReadOnlyList<Finding> findings)
    {
        var worst = findings.Where(f => f.Severity >= Severity.Hold).OrderByDescending(f => f.Severity).ToList();
        return worst.Count switch
        {
            0 => what,
            1 => $"{what}: {worst[0].Message}",
            _ => $"{what}: {worst[0].Message} (and {worst.Count - 1} more)",
        };
    }
}
