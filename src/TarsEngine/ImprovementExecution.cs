using TarsEngine.Journey;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Validation;

namespace TarsEngine;

/// <summary>
/// The journey of a change: capture, plan, stage, permit, validate, review, land. Until the commit point nothing of the user's is
/// changed, and a change that does not come that far leaves no trace.
/// </summary>
public sealed class ImprovementExecution
{
    private readonly RunStarter starter;
    private readonly ExecutionStages stages;
    private readonly Landing landing;
    private readonly Codebase codebase;

    internal ImprovementExecution(Codebase codebase)
    {
        this.codebase = codebase;
        (starter, stages) = (new(codebase), new(codebase));
        landing = new(codebase, stages);
    }

    /// <summary>Takes an improvement through the whole journey: up to review or, where that is allowed, into the codebase.</summary>
    public Task<ExecutionOutcome> ExecuteAsync(ImprovementId id, ExecutionOptions options, CancellationToken cancellation = default) =>
        ExecuteAsync(id, options, RunConditions.None, cancellation);

    /// <inheritdoc cref="ExecuteAsync(ImprovementId, ExecutionOptions, CancellationToken)"/>
    public async Task<ExecutionOutcome> ExecuteAsync(ImprovementId id, ExecutionOptions options, RunConditions conditions, CancellationToken cancellation = default)
    {
        if (await starter.WhyNotAsync(options, cancellation) is { } not) return not;
        var started = starter.Begin(id, options, conditions, cancellation);
        if (started.Stop is { } notStarted) return notStarted;
        using var run = started.Value;
        return await run.SettleAsync(() => TravelAsync(run));
    }

    /// <summary>A person's yes: lands the change, after validating it again where the codebase moved since.</summary>
    public Task<ExecutionOutcome> ApproveAsync(ContextId id, string reviewer, string? comment, CancellationToken cancellation = default) =>
        ApproveAsync(id, reviewer, comment, RunConditions.None, cancellation);

    /// <inheritdoc cref="ApproveAsync(ContextId, string, string?, CancellationToken)"/>
    public async Task<ExecutionOutcome> ApproveAsync(ContextId id, string reviewer, string? comment, RunConditions conditions, CancellationToken cancellation = default)
    {
        // Before anything is decided: what can't land now waits on.
        if (codebase.Contexts.Get(id) is { } waiting && await starter.WhyNotAsync(waiting.Options, cancellation) is { } not) return not;
        var started = starter.Continue(id, new(reviewer, ReviewDecision.Approved, comment, null), ContextState.Validating, conditions, cancellation);
        if (started.Stop is { } notStarted) return notStarted;
        using var run = started.Value;
        return await run.SettleAsync(() => landing.LandAsync(run, new(run.Context.Parts, []), Verdict.FromJson(run.Context.Verdict!)));
    }

    /// <summary>A person's no: the change is discarded.</summary>
    public async Task<ExecutionOutcome> RejectAsync(ContextId id, string reviewer, string? comment, CancellationToken cancellation = default)
    {
        var started = starter.Continue(id, new(reviewer, ReviewDecision.Rejected, comment, null), ContextState.Planning, RunConditions.None, cancellation);
        if (started.Stop is { } notStarted) return notStarted;
        using var run = started.Value;
        return await run.SettleAsync(() => Task.FromResult<ExecutionOutcome>(new ExecutionOutcome.Rejected(run.Id)));
    }

    /// <summary>Takes back what a context landed: all of it, one of its transactions, or a file.</summary>
    public RollbackOutcome Rollback(RollbackRequest request, CancellationToken cancellation = default) => starter.RollBack(request, cancellation);

    private async Task<ExecutionOutcome> TravelAsync(ExecutionRun run)
    {
        var tree = await stages.CaptureAsync(run, run.Options.Base);

        var plan = await stages.PlanAsync(run, tree);
        if (plan.Stop is { } unplanned) return unplanned;

        var staged = await stages.StageAsync(run, plan.Value, tree);
        if (staged.Stop is { } unstaged) return unstaged;

        var permitted = stages.Permit(run, staged.Value, tree);
        if (permitted.Stop is { } denied) return denied;

        var validated = await stages.ValidateAsync(run, staged.Value, permitted.Value, tree, run.Options.TestNames);
        if (validated.Stop is { } refused) return refused;

        return validated.Value switch
        {
            { Outcome: VerdictOutcome.Hold } held => new ExecutionOutcome.Held(run.Id, held),
            var passed when run.Options.DryRun => new ExecutionOutcome.DryRunFinished(run.Id, passed),
            var passed when run.Options.ApproveWhenValid => await landing.LandAsync(run, staged.Value, passed),
            var passed => new ExecutionOutcome.AwaitingReview(run.Id, passed),
        };
    }
}
