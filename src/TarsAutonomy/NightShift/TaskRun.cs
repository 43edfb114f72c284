using System.Globalization;
using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>
/// One task: attempts until it lands, is held, or may not be tried again. What to do next is always read from the executions, so that
/// a killed night goes on as if it had only paused.
/// </summary>
internal sealed class TaskRun(Codebase codebase, NightOrder order, NightSession session, Action<string> say)
{
    private readonly TaskImprovement improvements = new(codebase, order);
    private TimeProvider Clock => codebase.Options.Clock;

    public async Task<NightTask> RunAsync(PlannedTask planned, NightTask task, string notes, Action<NightTask> save, CancellationToken stop)
    {
        var tree = (await codebase.Base.ReadTipAsync(session.Branch, order.Commit, stop)).Tree;
        var (improvement, marked) = improvements.Ensure(session.Id, planned, tree, Clock.GetUtcNow(), notes);
        save(task = task with { Improvement = improvement });
        while (true)
        {
            var attempts = Attempts.Of(codebase, improvement, TaskImprovement.AgentStep);
            task = task with { Attempts = attempts.Made };
            if (Ended(task, attempts) is { } ended) return ended with { Ended = Clock.GetUtcNow() };
            stop.ThrowIfCancellationRequested();
            save(task);
            var outcome = await GoOnAsync(improvement, planned, marked, attempts, stop);
            if (outcome is ExecutionOutcome.NotPossible or ExecutionOutcome.NotFound or ExecutionOutcome.Denied { Context: null })
                return Failed(task, new("task/not-possible", outcome.ToString()));
            if (outcome is not null) continue;
            return TooLong(task with { Attempts = Attempts.Of(codebase, improvement, TaskImprovement.AgentStep).Made });
        }
    }

    /// <summary>The next thing to do for the task; null when its time was up.</summary>
    private async Task<ExecutionOutcome?> GoOnAsync(ImprovementId improvement, PlannedTask planned, ContentHash? marked, Attempts attempts, CancellationToken stop)
    {
        var number = attempts.Made.Count + (attempts.IsResumable ? 0 : 1);
        var conditions = NightConditions.Of(codebase, order, planned, marked);
        // It was killed between its verdict and its landing.
        if (attempts.Last is { State: ContextState.AwaitingReview } proven)
            return await codebase.Execution.ApproveAsync(proven.Id, session.Id.ToString(), "Every check had passed when the session was interrupted.", conditions, stop);
        say($"{planned.Id}: attempt {number.ToString(CultureInfo.InvariantCulture)}");
        using var limit = new CancellationTokenSource(Left(attempts), Clock);
        if (limit.IsCancellationRequested) return null;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var span = NightSignals.BeginAttempt(number);
        var options = new ExecutionOptions
        {
            ApproveWhenValid = true, Land = LandingPlace.Branch, Branch = session.Branch, Base = order.Commit,
            Message = Message(planned), After = attempts.IsResumable || attempts.Made.Count == 0 ? null : attempts.Made[^1].Context,
        };
        var outcome = await codebase.Execution.ExecuteAsync(improvement, options, conditions, either.Token);
        if (Attempts.Of(codebase, improvement, TaskImprovement.AgentStep).Made is [.., var made]) NightSignals.EndAttempt(span, made);
        return outcome is ExecutionOutcome.Cancelled && limit.IsCancellationRequested && !stop.IsCancellationRequested ? null : outcome;
    }

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
                return Failed(task, new("task/rolled-back", "It landed, and a person rolled it back."));
        }
        if (attempts.IsResumable) return null;
        if (attempts.Spent >= order.Settings.TaskTimeout) return TooLong(task);
        if (attempts.Made.Count < order.Settings.MaxAttempts) return null;
        // An agent that gave up in its last attempt says less than what was wrong with the one before.
        var failure = attempts.Made.Reverse().Select(attempt => codebase.Contexts.Get(attempt.Context)!).Select(context => Failure.Of(context, Events(context)))
            .FirstOrDefault(one => one.Rule != "agent/no-change") ?? Failure.Of(last, Events(last));
        return Failed(task, attempts.Made.Count == 1 ? failure : failure with { Reason = $"No progress after {attempts.Made.Count} attempts: {failure.Reason}" });
    }

    private NightTask TooLong(NightTask task) =>
        Failed(task, new("task/timeout", string.Create(CultureInfo.InvariantCulture, $"Task takes >{Durations.Format(order.Settings.TaskTimeout)}: it was ended in attempt {task.Attempts.Count}.")));

    private NightTask Failed(NightTask task, Failure failure) =>
        task with { Outcome = TaskOutcome.Failed, Rule = failure.Rule, Reason = failure.Reason, Ended = Clock.GetUtcNow() };

    private IEnumerable<ExecutionEvent> Events(ExecutionContext context) => codebase.Contexts.Events(context.Id).Select(one => one.Event);

    private string Message(PlannedTask planned) =>
        $"feat: {planned.Description}\n\nTask: {planned.Id}\nSession: {session.Id}\nAgent: {order.Agent}\nValidated by TARS: the whole tree of this commit was built and tested in a clean room.";
}
