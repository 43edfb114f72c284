using TarsEngine.Changes;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Validation;

namespace TarsEngine;

/// <summary>How a journey ended: a closed family of expected outcomes. A broken environment is an exception instead.</summary>
public abstract record ExecutionOutcome
{
    /// <summary>The change is in the codebase.</summary>
    public sealed record Landed(ContextId Context, IReadOnlyList<TransactionId> Transactions, Verdict Verdict) : ExecutionOutcome
    {
        /// <summary>Set where it landed as a commit on a branch: then there are no transactions.</summary>
        public LandedCommit? Commit { get; init; }
    }

    /// <summary>Validated, and waiting for a person.</summary>
    public sealed record AwaitingReview(ContextId Context, Verdict Verdict) : ExecutionOutcome;

    /// <summary>Everything but the commit was done; the change can be reviewed, not approved.</summary>
    public sealed record DryRunFinished(ContextId Context, Verdict Verdict) : ExecutionOutcome;

    /// <summary>A person must look: the verdict is neither pass nor fail.</summary>
    public sealed record Held(ContextId Context, Verdict Verdict) : ExecutionOutcome;

    /// <summary>The change is at fault; nothing of it is in the codebase.</summary>
    /// <param name="Stage"><see cref="Validation"/>, "step 'id'" or "the commit".</param>
    public sealed record Failed(ContextId Context, string Stage, IReadOnlyList<Finding> Findings) : ExecutionOutcome
    {
        /// <summary>The stage that checks the frozen change.</summary>
        public const string Validation = "validation";
    }

    /// <summary>"Execution plan validation failed", with every problem.</summary>
    public sealed record PlanRefused(ContextId Context, IReadOnlyList<PlanProblem> Problems) : ExecutionOutcome;

    /// <summary>Policy forbids it.</summary>
    public sealed record Denied(ContextId? Context, IReadOnlyList<Finding> Findings) : ExecutionOutcome;

    /// <summary>The codebase is not what the change expects; the user's bytes are kept.</summary>
    public sealed record Conflicted(ContextId Context, IReadOnlyList<FileConflict> Conflicts) : ExecutionOutcome;

    /// <summary>The codebase is already as the change would make it.</summary>
    public sealed record NothingToDo(ContextId Context, string Why) : ExecutionOutcome;

    public sealed record Rejected(ContextId Context) : ExecutionOutcome;

    /// <summary>Stopped by Ctrl+C or from another process; nothing of it is in the codebase.</summary>
    public sealed record Cancelled(ContextId Context) : ExecutionOutcome;

    /// <summary>No such improvement, context or transaction.</summary>
    public sealed record NotFound(string What, string Id) : ExecutionOutcome;

    /// <summary>It exists, but its state does not allow this.</summary>
    public sealed record NotPossible(string Why, string Remedy) : ExecutionOutcome;
}

/// <param name="Branch">Without 'refs/heads/'.</param>
/// <param name="Id">Of the commit, in full.</param>
public sealed record LandedCommit(string Branch, string Id);
