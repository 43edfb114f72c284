using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Planning;

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
            var number = attempts.Made.Count + (attempts.IsResumable ? 0 : 1);
            say($"{task.TaskId}: attempt {number.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
            var options = new ExecutionOptions
            {
                ApproveWhenValid = true, Land = LandingPlace.Branch, Branch = session.Branch, Base = order.Commit,
                Message = Message(planned), After = attempts.IsResumable ? null : attempts.Made.LastOrDefault()?.Context,
            };
            using var limit = new CancellationTokenSource(order.Settings.TaskTimeout - attempts.Spent, Clock);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
            var outcome = await codebase.Execution.ExecuteAsync(improvement, options, either.Token, NightConditions.Of(codebase, order, marked));
            if (outcome is ExecutionOutcome.NotPossible or ExecutionOutcome.NotFound or ExecutionOutcome.Denied { Context: null })
                return Failed(task, new("task/not-possible", outcome.ToString()));
        }
    }

    /// <summary>Null while there is something left to do.</summary>
    private NightTask? Ended(NightTask task, Attempts attempts)
    {
        if (attempts.Last is not { } last) return null;
        switch (last.State)
        {
            case ContextState.Landed:
                var landing = codebase.BranchLandingOf(last.Id)!;
                return task with { Outcome = TaskOutcome.Landed, Commit = landing.After, ChangedLines = ChangedLines.Of(last.Changes!, codebase.Content, order.Settings.Plan) };
            case ContextState.Held or ContextState.AwaitingReview:
                var held = Failure.Of(last, Events(last));
                return task with { Outcome = TaskOutcome.Held, Rule = held.Rule, Reason = held.Reason };
            case ContextState.RolledBack:
                return Failed(task, new("task/rolled-back", "It landed, and a person rolled it back."));
        }
        if (attempts.IsResumable) return null;
        if (attempts.Spent >= order.Settings.TaskTimeout) return Failed(task, new("task/timeout", $"Task takes >{TarsEngine.Documents.Durations.Format(order.Settings.TaskTimeout)}: it was ended in attempt {attempts.Made.Count}."));
        if (attempts.Made.Count < order.Settings.MaxAttempts) return null;
        var failure = Failure.Of(last, Events(last));
        return Failed(task, attempts.Made.Count == 1 ? failure : failure with { Reason = $"No progress after {attempts.Made.Count} attempts: {failure.Reason}" });
    }

    private NightTask Failed(NightTask task, Failure failure) =>
        task with { Outcome = TaskOutcome.Failed, Rule = failure.Rule, Reason = failure.Reason, Ended = Clock.GetUtcNow() };

    private IEnumerable<ExecutionEvent> Events(ExecutionContext context) => codebase.Contexts.Events(context.Id).Select(one => one.Event);

    private string Message(PlannedTask planned) =>
        $"feat: {planned.Description}\n\nTask: {planned.Id}\nSession: {session.Id}\nAgent: {order.Agent}\nValidated by TARS: the whole tree of this commit was built and tested in a clean room.";
}
