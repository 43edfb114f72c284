using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>
/// The durable side of executions: state (moved by compare-and-swap only), plan, change, verdict, events, reviews, and what other
/// processes ask of a run. Every state that somebody may ask about later is audited in the transaction that makes it.
/// </summary>
/// <remarks>Methods that take a <see cref="StateConnection"/> are part of the caller's transaction; the others are one of their own.</remarks>
public sealed class ExecutionContextStore(StateDatabase database, AuditTrailService audit)
{
    /// <summary>The lock that a run holds for as long as it lives.</summary>
    public static string RunLock(ContextId id) => "run-" + id;

    /// <summary>Begins an execution. Its run lock is taken before anybody can see it, so that it never looks abandoned.</summary>
    /// <param name="also">What else belongs to the same transaction, such as claiming the improvement.</param>
    public (ExecutionContext Context, FileLock Run) Create(
        ImprovementId improvement, ExecutionOptions options, string actor, StateFolder folder, Action<StateConnection>? also = null)
    {
        FileLock? run = null;
        try
        {
            return database.Write("begin an execution", tx =>
            {
                also?.Invoke(tx);
                var id = ContextRows.Insert(tx, improvement, options);
                run = folder.Acquire(RunLock(id), TimeSpan.FromSeconds(10));
                audit.Append(tx, new("execution-started", actor, id.ToString(), ("improvement", improvement.ToString()), ("dry-run", options.DryRun ? "yes" : "no")));
                return (Require(tx, id), run);
            });
        }
        catch
        {
            run?.Dispose();
            throw;
        }
    }

    /// <summary>One context with its changes; null when there is none.</summary>
    public ExecutionContext? Get(ContextId id) => database.Read($"read {id}", tx => Get(tx, id));

    /// <inheritdoc cref="Get(ContextId)"/>
    public static ExecutionContext? Get(StateConnection tx, ContextId id) => ContextRows.Find(tx, id, withChanges: true);

    /// <summary>All contexts, the oldest first, without their changes.</summary>
    /// <param name="improvement">Only those of one improvement.</param>
    public IReadOnlyList<ExecutionContext> List(ImprovementId? improvement = null) =>
        database.Read("list executions", tx => ContextRows.List(tx, improvement));

    /// <summary>True when no later execution of the same improvement was begun.</summary>
    internal static bool IsNewest(StateConnection tx, ExecutionContext context) =>
        tx.QueryNumber("SELECT max(id) FROM contexts WHERE improvement = $improvement", ("$improvement", context.Improvement.Number)) == context.Id.Number;

    /// <summary>Moves a context to another state if it is in one of those expected, and stores what comes with it.</summary>
    public AdvanceResult Advance(ContextId id, IReadOnlyCollection<ContextState> expected, ContextState next, string actor, ContextUpdate? update = null) =>
        database.Write($"move {id} to {next.Word()}", tx => Advance(tx, id, expected, next, actor, update));

    /// <inheritdoc cref="Advance(ContextId, IReadOnlyCollection{ContextState}, ContextState, string, ContextUpdate?)"/>
    public AdvanceResult Advance(
        StateConnection tx, ContextId id, IReadOnlyCollection<ContextState> expected, ContextState next, string actor, ContextUpdate? update = null)
    {
        var before = Require(tx, id);
        if (!expected.Contains(before.State)) return new NotAsExpected(before.State);
        ContextRows.Update(tx, Updated(tx, before, update) with { State = next });
        if (update?.Parts is { } parts) ContextRows.WriteParts(tx, id, parts);
        if (before.State != next) EventRows.Append(tx, id, [new StateChanged(before.State, next)]);
        // A request that nobody obeyed must not meet the next run of this context.
        if (next.IsAtRest()) tx.Execute("DELETE FROM controls WHERE context = $id", ("$id", id));
        if (next.IsAtRest() || before.State.IsAtRest()) audit.Append(tx, Entry(before, next, actor, update));
        return new Advanced(Require(tx, id));
    }

    /// <summary>Stores the frozen change, by named transaction.</summary>
    public void SaveChanges(ContextId id, IReadOnlyList<NamedChange> parts, ContentHash? baseTree = null, ContentHash? resultTree = null) =>
        Save($"save the change of {id}", id, new() { Parts = parts, BaseTree = baseTree, ResultTree = resultTree });

    /// <param name="verdict">As JSON.</param>
    public void SaveVerdict(ContextId id, string verdict) => Save($"save the verdict of {id}", id, new() { Verdict = verdict });

    /// <summary>Stores the plan, in place of an earlier one.</summary>
    public void SavePlan(ContextId id, ExecutionPlan plan) => database.Write($"save the plan of {id}", tx =>
    {
        PlanRows.Insert(tx, id, plan);
        ContextRows.Update(tx, Require(tx, id, withChanges: false) with { StepsDone = plan.Steps.Count(s => s.State == StepState.Done), StepsTotal = plan.Steps.Count, Updated = tx.Now });
    });

    /// <summary>The plan with its steps' states; null when none was saved.</summary>
    public ExecutionPlan? Plan(ContextId id) => database.Read($"read the plan of {id}", tx => PlanRows.Read(tx, id, Require(tx, id).Improvement));

    /// <summary>Notes where a step stands, with an event about it.</summary>
    /// <returns>The step as it is now.</returns>
    public ExecutionStep SetStep(ContextId id, string step, StepState state, string? error = null) => database.Write($"note step '{step}' of {id}", tx =>
    {
        var (before, after) = PlanRows.SetState(tx, id, step, state, error) ?? throw new ArgumentException($"{id} has no step '{step}'.", nameof(step));
        var done = (after.State == StepState.Done ? 1 : 0) - (before.State == StepState.Done ? 1 : 0);
        var context = Require(tx, id, withChanges: false);
        ContextRows.Update(tx, context with { StepsDone = context.StepsDone + done, Updated = tx.Now });
        if (state == StepState.Running) EventRows.Append(tx, id, [new StepStarted(step)]);
        else if (after.Finished is { } end) EventRows.Append(tx, id, [new StepFinished(step, state, after.Started is { } start ? end - start : TimeSpan.Zero, error)]);
        return after;
    });

    /// <summary>Adds events, in order. Each call waits for the disk: <see cref="EventBuffer"/> gathers what comes fast.</summary>
    public void Append(ContextId id, params IReadOnlyList<ExecutionEvent> events)
    {
        if (events.Count > 0) database.Write($"log for {id}", tx => EventRows.Append(tx, id, events));
    }

    /// <summary>Events behind a sequence number, in order.</summary>
    public IReadOnlyList<StoredEvent> Events(ContextId id, long afterSequence = 0, int most = int.MaxValue) =>
        database.Read($"read the log of {id}", tx => EventRows.Read(tx, id, afterSequence, most));

    public void AddReview(ContextId id, ReviewNote review) => database.Write($"review {id}", tx => AddReview(tx, id, review));

    /// <inheritdoc cref="AddReview(ContextId, ReviewNote)"/>
    public void AddReview(StateConnection tx, ContextId id, ReviewNote review)
    {
        EventRows.InsertReview(tx, id, review with { Time = tx.Now });
        audit.Append(tx, new("review-" + Names.WithDashes(review.Decision.ToString()), review.Reviewer, id.ToString(),
            ("comment", review.Comment ?? ""), ("tree", review.Tree?.Hex ?? "")));
    }

    /// <summary>Reviews in order.</summary>
    public IReadOnlyList<ReviewNote> Reviews(ContextId id) => database.Read($"read the reviews of {id}", tx => EventRows.ReadReviews(tx, id));

    /// <summary>Asks a run, whichever process it is in, to pause, go on or stop. A cancel is never taken back.</summary>
    public ControlResult RequestControl(ContextId id, ControlRequest request, string actor) => database.Write<ControlResult>($"ask {id}", tx =>
    {
        if (ContextRows.Find(tx, id, withChanges: false) is not { } context) return new NoSuchContext();
        if (context.State.IsAtRest()) return new NotRunning(context.State);
        tx.Execute("INSERT INTO controls(context, request, actor, time) VALUES($id, $request, $actor, $time) ON CONFLICT(context) DO UPDATE "
            + "SET request = excluded.request, actor = excluded.actor, time = excluded.time WHERE request <> 'Cancel'",
            ("$id", id), ("$request", request), ("$actor", actor), ("$time", tx.Now));
        audit.Append(tx, new(Names.WithDashes(request.ToString()) + "-requested", actor, id.ToString()));
        return new ControlRequested(context.State);
    });

    /// <summary>What was asked last; null when nothing was.</summary>
    public ControlRequest? ReadControl(ContextId id) => database.Read<ControlRequest?>($"read requests to {id}", tx =>
        tx.Query("SELECT request FROM controls WHERE context = $id", row => row.Name<ControlRequest>(0), ("$id", id)) is [var request] ? request : null);

    /// <summary>
    /// Executions whose process died: in a running state, their run lock free. Each comes with that lock, so that only one process
    /// settles it; dispose it when that is done.
    /// </summary>
    public IReadOnlyList<InterruptedRun> FindInterrupted(StateFolder folder)
    {
        var found = new List<InterruptedRun>();
        foreach (var candidate in database.Read("look for interrupted executions", ContextRows.Running))
        {
            if (folder.TryAcquire(RunLock(candidate.Id)) is not { } run) continue;
            var held = new InterruptedRun(candidate, run);
            found.Add(held);
            try
            {
                // Again, under its lock: it may have come to rest just before it let go.
                if (Get(candidate.Id) is { } context && context.State.IsRunning())
                {
                    found[^1] = held with { Context = context };
                    continue;
                }
            }
            catch (StateException)
            {
                foreach (var one in found) one.Dispose();
                throw;
            }
            found.Remove(held);
            held.Dispose();
        }
        return found;
    }

    private void Save(string operation, ContextId id, ContextUpdate update) => database.Write(operation, tx =>
    {
        ContextRows.Update(tx, Updated(tx, Require(tx, id), update));
        if (update.Parts is { } parts) ContextRows.WriteParts(tx, id, parts);
    });

    private static ExecutionContext Updated(StateConnection tx, ExecutionContext context, ContextUpdate? update) => context with
    {
        BaseTree = update?.BaseTree ?? context.BaseTree,
        ResultTree = update?.ResultTree ?? context.ResultTree,
        Verdict = update?.Verdict ?? context.Verdict,
        Error = update?.Error ?? context.Error,
        Updated = tx.Now,
    };

    private static ExecutionContext Require(StateConnection tx, ContextId id, bool withChanges = true) => ContextRows.Find(tx, id, withChanges)
        ?? throw new StateException(StateProblem.Missing, $"{id} is not in the state database. 'tarscli execute status' lists what is.");

    private static AuditEntry Entry(ExecutionContext before, ContextState next, string actor, ContextUpdate? update)
    {
        var details = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["from"] = before.State.Word() };
        if ((update?.Error ?? before.Error) is { } error) details["error"] = error;
        if ((update?.ResultTree ?? before.ResultTree) is { } tree) details["tree"] = tree.Hex;
        foreach (var (name, value) in update?.Details ?? new Dictionary<string, string>(StringComparer.Ordinal)) details[name] = value;
        return new AuditEntry("execution-" + next.Word(), actor, before.Id.ToString(), details);
    }
}

/// <summary>An execution whose process died, held by its lock until it is settled.</summary>
public sealed record InterruptedRun(ExecutionContext Context, FileLock Lock) : IDisposable
{
    public void Dispose() => Lock.Dispose();
}
