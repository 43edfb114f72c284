using System.Globalization;
using TarsAutonomy.Memory;
using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Documents;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>
/// One task: attempts until it lands, is held, or may not be tried again. What to do next is always read from the executions, so that
/// a killed night goes on as if it had only paused.
/// </summary>
internal sealed class TaskRun(Codebase codebase, NightOrder order, NightSession session, PlannedTask planned, Action<string> say)
{
    private TimeProvider Clock => codebase.Options.Clock;

    /// <param name="notes">For the agent, behind the task.</param>
    /// <param name="save">Stores where the task stands.</param>
    public async Task<NightTask> RunAsync(NightTask task, string notes, Action<NightTask> save, CancellationToken stop)
    {
        var improvement = TaskImprovement.Ensure(codebase, session.Id, planned, planned.Agent ?? order.Agent, notes);
        save(task = task with { Improvement = improvement });
        while (true)
        {
            var attempts = Attempts.Of(codebase, improvement, TaskImprovement.AgentStep);
            task = task with { Attempts = attempts.Made };
            if (Ended(task, attempts) is { } ended) return ended with { Ended = Clock.GetUtcNow() };
            stop.ThrowIfCancellationRequested();
            save(task);
            if (await GoOnAsync(improvement, attempts, stop) is { } failure)
                return Failed(task with { Attempts = Attempts.Of(codebase, improvement, TaskImprovement.AgentStep).Made }, failure);
        }
    }

    /// <summary>Does the next thing for the task; why there is nothing more to do, or null.</summary>
    private async Task<Failure?> GoOnAsync(ImprovementId improvement, Attempts attempts, CancellationToken stop)
    {
        var conditions = NightConditions.Of(codebase, order, planned);
        using var limit = new CancellationTokenSource(Left(attempts), Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        ExecutionOutcome outcome;
        // It was killed between its verdict and its landing.
        if (attempts.Last is { State: ContextState.AwaitingReview } proven)
        {
            outcome = await codebase.Execution.ApproveAsync(proven.Id, session.Id.ToString(), "Every check had passed when the session was interrupted.", conditions, stop);
        }
        else
        {
            var number = attempts.Made.Count + (attempts.IsResumable ? 0 : 1);
            if (limit.IsCancellationRequested) return TooLong(attempts.Made.Count);
            say($"{planned.Id}: attempt {number.ToString(CultureInfo.InvariantCulture)}");
            using var span = NightSignals.BeginAttempt(number);
            outcome = await codebase.Execution.ExecuteAsync(improvement, Options(attempts), conditions, either.Token);
            if (Attempts.Of(codebase, improvement, TaskImprovement.AgentStep).Made is [.., var made]) NightSignals.EndAttempt(span, made);
            if (outcome is ExecutionOutcome.Cancelled && !stop.IsCancellationRequested)
                return limit.IsCancellationRequested ? TooLong(number) : new("task/cancelled", "A person cancelled it ('execute cancel').");
        }
        return outcome switch
        {
            ExecutionOutcome.NotPossible not => new("task/not-possible", not.Why),
            ExecutionOutcome.Denied { Context: null } denied => new("task/not-possible", denied.Findings[0].Message),
            ExecutionOutcome.NotFound missing => new("task/not-possible", $"{missing.What} {missing.Id} is gone."),
            _ => null,
        };
    }

    private ExecutionOptions Options(Attempts attempts) => new()
    {
        ApproveWhenValid = true, Land = LandingPlace.Branch, Branch = session.Branch, Base = order.Commit,
        Message = $"feat: {planned.Description}\n\nTask: {planned.Id}\nSession: {session.Id}\nAgent: {planned.Agent ?? order.Agent}\nValidated by TARS: the whole tree of this commit was built and tested in a clean room.",
        After = attempts.IsResumable || attempts.Made.Count == 0 ? null : attempts.Made[^1].Context,
    };

    private TimeSpan Left(Attempts attempts) => order.Settings.TaskTimeout - attempts.Spent is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Null while there is something left to do.</summary>
    private NightTask? Ended(NightTask task, Attempts attempts)
    {
        if (attempts.Last is not { } last) return null;
        switch (last.State)
        {
            case ContextState.Landed:
                var landing = codebase.BranchLandingOf(last.Id)!;
                return task with { Outcome = TaskOutcome.Landed, Commit = landing.After, ChangedLines = ChangedLines.Of(last.Changes!, codebase.Content, order.Settings.Plan) };
            case ContextState.Held:
                var held = Failure.Of(last, Events(last));
                return task with { Outcome = TaskOutcome.Held, Rule = held.Rule, Reason = held.Reason };
            case ContextState.AwaitingReview:
                return null;
            case ContextState.RolledBack:
                return Failed(task, new(NightHistory.RolledBackRule, "It landed, and a person rolled it back."));
            case ContextState.Rejected:
                return Failed(task, new(NightHistory.RejectedRule, "A person rejected it."));
        }
        if (attempts.IsResumable) return null;
        if (attempts.Spent >= order.Settings.TaskTimeout) return Failed(task, TooLong(attempts.Made.Count));
        if (attempts.Failed < order.Settings.MaxAttempts) return null;
        // An agent that gave up in its last attempt says less than what was wrong with the one before.
        var failure = attempts.Made.Reverse().Select(attempt => codebase.Contexts.Get(attempt.Context)!).Select(context => Failure.Of(context, Events(context)))
            .FirstOrDefault(one => one.Rule != "agent/no-change") ?? Failure.Of(last, Events(last));
        return Failed(task, attempts.Made.Count == 1 ? failure : failure with { Reason = $"No progress after {attempts.Made.Count} attempts: {failure.Reason}" });
    }

    private Failure TooLong(int attempt) =>
        new("task/timeout", string.Create(CultureInfo.InvariantCulture, $"Task takes >{Durations.Format(order.Settings.TaskTimeout)}: it was ended in attempt {attempt}."));

    private NightTask Failed(NightTask task, Failure failure) =>
        task with { Outcome = TaskOutcome.Failed, Rule = failure.Rule, Reason = failure.Reason, Ended = Clock.GetUtcNow() };

    private IEnumerable<ExecutionEvent> Events(ExecutionContext context) => codebase.Contexts.Events(context.Id).Select(one => one.Event);
}
