using TarsAutonomy.Sessions;
using TarsEngine;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>
/// What became of a task's attempts so far, read from the executions themselves: whatever was killed, that is how they stand, and
/// an agent that ran is never run for the same attempt again.
/// </summary>
internal sealed record Attempts(IReadOnlyList<NightAttempt> Made, ExecutionContext? Last, bool IsResumable)
{
    /// <summary>All time that executions of the task took.</summary>
    public TimeSpan Spent { get; private init; }

    public static Attempts Of(Codebase codebase, ImprovementId improvement, string agentStep)
    {
        var contexts = codebase.Contexts.List(improvement).Select(listed => codebase.Contexts.Get(listed.Id)!).ToList();
        var made = new List<NightAttempt>();
        var beganNothing = new HashSet<ContextId>();
        foreach (var context in contexts)
        {
            var events = codebase.Contexts.Events(context.Id).Select(one => one.Event).ToList();
            var agentBegan = events.OfType<StepStarted>().Any(step => step.Step == agentStep);
            var goesOn = !agentBegan && context.Parts.Count > 0;
            // Killed before its agent began: as if it had never been.
            if (!agentBegan && !goesOn && context.State == ContextState.Interrupted)
            {
                beganNothing.Add(context.Id);
                continue;
            }
            var attempt = new NightAttempt(made.Count + 1, context.Id, context.State.Word(), context.Error, TimeOf(context, events), events.OfType<AgentUsageReported>().LastOrDefault()?.Usage);
            // An execution that took over what the agent of a killed one had made goes on with that attempt.
            if (goesOn && made is [.., var before]) made[^1] = attempt with { Number = before.Number, Duration = before.Duration + attempt.Duration, Usage = before.Usage };
            else made.Add(attempt);
        }
        // Those that were killed before they began anything stand in nobody's way.
        var last = contexts.LastOrDefault(context => !beganNothing.Contains(context.Id));
        return new(made, last, last is { State: ContextState.Interrupted, Parts.Count: > 0 }) { Spent = new(made.Sum(attempt => attempt.Duration.Ticks)) };
    }

    // A task in which the machine dies again and again is no accident any more.
    private const int Accidents = 2;

    /// <summary>Those that count against the limit: what a person stopped was nobody's failure, nor was an accident or two.</summary>
    public int Failed => Made.Count - Of(ContextState.Cancelled) - Math.Min(Of(ContextState.Interrupted), Accidents);

    private int Of(ContextState state) => Made.Count(attempt => attempt.Outcome == state.Word());

    // What was killed took time until it was killed, and not until somebody looked.
    private static TimeSpan TimeOf(ExecutionContext context, IReadOnlyList<ExecutionEvent> events) =>
        context.State != ContextState.Interrupted ? context.Updated - context.Created
        : events.Where(one => one is not StateChanged { To: ContextState.Interrupted }).Select(one => one.Time).DefaultIfEmpty(context.Created).Max() - context.Created;
}
