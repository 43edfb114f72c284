using TarsEngine.Changes;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Journey;

/// <summary>Begins work on a context, when its state, its options and other processes allow it.</summary>
internal sealed class RunStarter(Codebase codebase)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Why nothing can be done with these options here; null when it can.</summary>
    public async Task<ExecutionOutcome?> WhyNotAsync(ExecutionOptions options, CancellationToken cancellation)
    {
        if (options.Land != LandingPlace.Branch) return null;
        if (codebase.Branches is null) return new ExecutionOutcome.NotPossible($"'{codebase.Root}' has no git repository, so it has no branches.", "Land in the working tree: leave --land out.");
        if (options.Branch is null) throw new ArgumentException("To land on a branch, name it.", nameof(options));
        if (await codebase.Branches.WhyNotAsync(options.Branch, cancellation) is { } refused) return new ExecutionOutcome.NotPossible(refused.Message, refused.Remedy!);
        return await codebase.Branches.TipAsync(options.Branch, cancellation) is null && await codebase.Capture.ResolveCommitAsync(options.Base ?? "HEAD", cancellation) is null
            ? new ExecutionOutcome.NotPossible($"There is no commit '{options.Base ?? "HEAD"}' to begin the branch '{options.Branch}' from.", "Commit something first.")
            : null;
    }

    /// <summary>A new context for an improvement that nobody else works on.</summary>
    public Stage<ExecutionRun> Begin(ImprovementId id, ExecutionOptions options, RunConditions conditions, CancellationToken cancellation)
    {
        if (Forbidden(options) is { } denied) return denied;
        MoveOutcome claim = new NoSuchImprovement(id);
        try
        {
            var (context, held) = codebase.Contexts.Create(id, options, codebase.Options.Actor, codebase.State, tx =>
            {
                claim = codebase.Improvements.Claim(tx, id);
                // Leaves the transaction, so that no context is made for what can't be claimed.
                if (claim is not Moved) throw new NotClaimedException();
            });
            return new ExecutionRun(codebase, context, ((Moved)claim).Improvement, held, codebase.Options.Actor, cancellation) { Conditions = conditions };
        }
        catch (NotClaimedException)
        {
            return claim is NotMovable not
                ? new ExecutionOutcome.NotPossible(not.Why, not.Remedy)
                : new ExecutionOutcome.NotFound("Improvement", id.ToString());
        }
    }

    /// <summary>Goes on with a context that waits for a person; records what the person said.</summary>
    public Stage<ExecutionRun> Continue(ContextId id, ReviewNote review, ContextState next, RunConditions conditions, CancellationToken cancellation)
    {
        if (codebase.Contexts.Get(id) is null) return new ExecutionOutcome.NotFound("Execution context", id.ToString());
        var held = Hold(id);
        try
        {
            var context = codebase.Contexts.Get(id)!;
            if (Undecidable(context, review.Decision) is { } not)
            {
                held.Dispose();
                return not;
            }
            codebase.Database.Write($"{review.Decision} {id}", tx =>
            {
                codebase.Contexts.AddReview(tx, id, review with { Tree = context.ResultTree });
                codebase.Contexts.Advance(tx, id, [context.State], next, review.Reviewer);
            });
            return new ExecutionRun(codebase, context, codebase.Improvements.Get(context.Improvement)!, held, review.Reviewer, cancellation) { Conditions = conditions };
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Rolls back under the context's lock, and moves context and improvement to what then stands.</summary>
    public RollbackOutcome RollBack(RollbackRequest request, CancellationToken cancellation)
    {
        if (codebase.Contexts.Get(request.Context) is null)
            return new RollbackOutcome.NotFound($"{request.Context} is not one of this codebase.");
        using var held = Hold(request.Context);
        var context = codebase.Contexts.Get(request.Context)!;
        if (Resting.Of(codebase.StandingOf(context.Id)) is null || context.State.IsRunning())
            return codebase.Rollbacks.Rollback(request, cancellation);
        var onBranch = codebase.Branches?.Find(context.Id);
        if (onBranch is not null && request.Scope is not RollbackScope.All)
            return new RollbackOutcome.NotFound($"{context.Id} landed as one commit on the branch '{onBranch.Branch}', which is taken back whole: use --all.");
        codebase.Contexts.Advance(context.Id, [context.State], ContextState.Committing, request.Actor);
        try
        {
            var outcome = onBranch is not null
                ? codebase.Branches!.UndoAsync(onBranch, request, cancellation).GetAwaiter().GetResult()
                : codebase.Rollbacks.Rollback(request, cancellation);
            ToRest(context, request.Actor);
            return outcome;
        }
        catch (Exception error) when (error is not RecoveryNeededException)
        {
            ToRest(context, request.Actor);
            throw;
        }
    }

    private void ToRest(ExecutionContext context, string actor) =>
        Resting.Of(codebase.StandingOf(context.Id))!.Value.Write(codebase, context, actor, null);

    private FileLock Hold(ContextId id) => codebase.State.Acquire(ExecutionContextStore.RunLock(id), Patience, codebase.Options.Waiting);

    private static ExecutionOutcome.NotPossible? Undecidable(ExecutionContext context, ReviewDecision decision) => context switch
    {
        { State: var state } when !state.AwaitsReview() => new(
            $"{context.Id} does not wait for review: it is {state.Word()}.", $"'tarscli execute status --context-id {context.Id}' shows how it ended."),
        { DryRun: true } when decision == ReviewDecision.Approved => new(
            $"{context.Id} is a dry run, and a dry run can't be approved.", $"Execute {context.Improvement} without --dry-run."),
        _ => null,
    };

    private ExecutionOutcome.Denied? Forbidden(ExecutionOptions options)
    {
        var findings = new List<Finding>();
        if (!options.Validate && !codebase.Configuration.AllowUnvalidated)
            findings.Add(Needs("--validate=false", "allow.unvalidated"));
        if (!options.Backup && !codebase.Configuration.AllowWithoutBackup)
            findings.Add(Needs("--backup=false", "allow.without-backup"));
        return findings.Count == 0 ? null : new(null, findings);
    }

    private static Finding Needs(string option, string key) =>
        new(Severity.Error, "policy/option", $"'{option}' is not allowed.", Remedy: $"Set '{key}: true' in your own configuration; no codebase can.");

    private sealed class NotClaimedException : Exception;
}
