using TarsEngine.Changes;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Validation;

namespace TarsEngine.Journey;

/// <summary>One process's work on one context: holds its lock, keeps its log, obeys what others ask, and settles it however it ends.</summary>
internal sealed class ExecutionRun : IDisposable
{
    private readonly Codebase codebase;
    private readonly RunControl control;
    private readonly EventBuffer log;

    public ExecutionRun(Codebase codebase, ExecutionContext context, Improvement improvement, FileLock held, string actor, CancellationToken outer)
    {
        (this.codebase, Context, Improvement, Actor) = (codebase, context, improvement, actor);
        control = new(codebase.Contexts, context.Id, held, codebase.Options.Clock, outer);
        log = new(codebase.Contexts, context.Id, codebase.Options.Clock);
    }

    /// <summary>As it was when this run began.</summary>
    public ExecutionContext Context { get; }
    public ContextId Id => Context.Id;
    public Improvement Improvement { get; }
    public ExecutionOptions Options => Context.Options;
    public string Actor { get; }
    public RunConditions Conditions { get; init; } = RunConditions.None;
    public CancellationToken Cancellation => control.Cancellation;

    /// <summary>Waits here while another process paused the run.</summary>
    public Task WaitWhilePaused(CancellationToken cancellation) => control.WaitWhilePaused(cancellation);

    public void Happened(ExecutionEvent one)
    {
        log.Add(one);
        Tell(one);
    }

    /// <summary>Tells who watches in this process what is in the log already.</summary>
    public void Tell(ExecutionEvent one) => codebase.Options.Happened?.Invoke(Id, one);

    public void Found(IEnumerable<Finding> findings)
    {
        foreach (var finding in findings) Happened(new FindingAdded(finding));
    }

    /// <summary>Begins a stage: durable before anything of it is done.</summary>
    public async Task EnterAsync(ContextState state, string stage)
    {
        await WaitWhilePaused(Cancellation);
        Happened(new StageStarted(stage));
        codebase.Contexts.Advance(Id, [.. Enum.GetValues<ContextState>().Where(s => s.IsRunning())], state, Actor);
    }

    /// <summary>Does the work, and brings context and improvement to rest together, in one transaction.</summary>
    public async Task<ExecutionOutcome> SettleAsync(Func<Task<ExecutionOutcome>> work)
    {
        ExecutionOutcome outcome;
        try
        {
            outcome = await work();
        }
        catch (OperationCanceledException) when (Cancellation.IsCancellationRequested)
        {
            if (control.Fault is { } fault) throw new StateException(StateProblem.Disk, $"{Id} was stopped: {fault.Message}", fault);
            outcome = new ExecutionOutcome.Cancelled(Id);
        }
        catch (RecoveryNeededException)
        {
            // How it ended is not known yet: recovery reads it, and settles the context then.
            throw;
        }
        catch (Exception broken)
        {
            Happened(new ErrorReported(broken.Message));
            // What broke may lie behind the commit: what stands in the codebase is what counts.
            ToRest(
                Resting.Of(codebase.StandingOf(Id)) ?? (Context.State.AwaitsReview() ? Resting.Of(Context) : new(ContextState.Failed, ImprovementState.Ready)),
                broken.Message);
            throw;
        }
        ToRest(outcome is ExecutionOutcome.Cancelled && Context.State.AwaitsReview() ? Resting.Of(Context) : Resting.Of(outcome, Options.DryRun), Resting.Why(outcome));
        codebase.Workspaces.CollectLayers(codebase.Configuration.Keep.LayerBytes, codebase.Configuration.Keep.Age);
        return outcome;
    }

    public void Dispose()
    {
        try
        {
            log.Dispose();
        }
        finally
        {
            control.Dispose();
        }
    }

    /// <summary>Keeps the verdict, with the trees that it is about.</summary>
    public void Keep(IReadOnlyList<NamedChange> parts, Verdict verdict)
    {
        codebase.Contexts.SaveChanges(Id, parts, verdict.BaseTree, verdict.ResultTree);
        codebase.Contexts.SaveVerdict(Id, verdict.ToJson());
    }

    private void ToRest(Resting rest, string? error)
    {
        log.Flush();
        rest.Write(codebase, Context, Actor, error);
    }
}
