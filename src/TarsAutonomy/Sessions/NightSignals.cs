using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace TarsAutonomy.Sessions;

/// <summary>
/// What a night tells whoever listens, as spans and numbers. It costs nothing while nobody does. Ids, outcomes and rules only: no description,
/// path or text of others leaves by this way.
/// </summary>
public static class NightSignals
{
    /// <summary>Of the activity source and of the meter.</summary>
    public const string Name = "Tars.Night";

    private static readonly ActivitySource Source = new(Name);
    private static readonly Meter Numbers = new(Name);
    private static readonly Counter<long> Tasks = Numbers.CreateCounter<long>("tars.night.tasks", "{task}", "Tasks that came to an end, by outcome");
    private static readonly Counter<long> Tokens = Numbers.CreateCounter<long>("tars.night.tokens", "{token}", "Tokens that agents claim to have used");
    private static readonly Counter<double> Cost = Numbers.CreateCounter<double>("tars.night.cost", "USD", "What agents claim to have cost");
    private static readonly Histogram<double> TaskDuration = Numbers.CreateHistogram<double>("tars.night.task.duration", "s", "From taking a task up to its end");
    private static readonly Histogram<double> AttemptDuration = Numbers.CreateHistogram<double>("tars.night.attempt.duration", "s", "One run of the agent, with the checks behind it");

    /// <summary>Begins the span of a session; those of its tasks and attempts begin inside it. Dispose it at the end.</summary>
    public static Activity? BeginSession(NightId night, string agent) =>
        Source.StartActivity("night.session")?.SetTag("tars.night", night.ToString()).SetTag("tars.agent", agent);

    public static Activity? BeginTask(string taskId) => Source.StartActivity("night.task")?.SetTag("tars.task", taskId);

    public static Activity? BeginAttempt(int number) => Source.StartActivity("night.attempt")?.SetTag("tars.attempt", number);

    /// <summary>Notes how a session ended.</summary>
    public static void EndSession(Activity? span, NightSession session)
    {
        foreach (var group in session.Tasks.GroupBy(task => task.Outcome)) span?.SetTag("tars.tasks." + Word(group.Key), group.Count());
        span?.SetStatus(session.State == NightState.Finished ? ActivityStatusCode.Ok : ActivityStatusCode.Error);
    }

    /// <summary>Notes and counts how a task ended.</summary>
    public static void EndTask(Activity? span, NightTask task)
    {
        var outcome = new KeyValuePair<string, object?>("outcome", Word(task.Outcome));
        Tasks.Add(1, outcome);
        if (task.Ended is { } end) TaskDuration.Record((end - task.Started).TotalSeconds, outcome);
        span?.SetTag("tars.outcome", outcome.Value).SetTag("tars.rule", task.Rule)
            .SetStatus(task.Outcome == TaskOutcome.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
    }

    /// <summary>Notes and counts how a run of the agent ended, and what it claims to have used.</summary>
    public static void EndAttempt(Activity? span, NightAttempt attempt)
    {
        AttemptDuration.Record(attempt.Duration.TotalSeconds, new KeyValuePair<string, object?>("outcome", attempt.Outcome));
        span?.SetTag("tars.context", attempt.Context.ToString()).SetTag("tars.outcome", attempt.Outcome);
        if (attempt.Usage is not { } used) return;
        Tokens.Add(used.InputTokens, new KeyValuePair<string, object?>("direction", "input"));
        Tokens.Add(used.OutputTokens, new KeyValuePair<string, object?>("direction", "output"));
        if (used.Cost is { } cost) Cost.Add((double)cost);
    }

    private static string Word(TaskOutcome outcome) => outcome.ToString().ToLowerInvariant();
}
