using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsAutonomy.Sessions;

/// <summary>Names an autonomous session: 'NIGHT-3'.</summary>
public readonly record struct NightId(long Number)
{
    public const string Prefix = "NIGHT";

    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Prefix}-{Number}");
}

public enum NightState
{
    /// <summary>A process works on it, or died while it did.</summary>
    Running,

    /// <summary>It came to its end.</summary>
    Finished,

    /// <summary>A person stopped it; it can be resumed.</summary>
    Stopped,
}

/// <summary>Where a task of a session stands.</summary>
public enum TaskOutcome
{
    Running,

    /// <summary>Its commit is on the session's branch.</summary>
    Landed,

    /// <summary>Its last attempt failed; nothing of it is left.</summary>
    Failed,

    /// <summary>A person must look at it; it is not on the branch. Neither success nor failure.</summary>
    Held,

    /// <summary>Not begun: a constraint forbids it, or it failed before in the same way.</summary>
    Skipped,

    /// <summary>Given up before it had an end, when its session was stopped.</summary>
    Abandoned,
}

/// <summary>One session: a night's work.</summary>
/// <param name="Branch">Without 'refs/heads/'.</param>
/// <param name="BaseCommit">What it began from.</param>
/// <param name="Ending">Why it ended, for people; null while it runs.</param>
public sealed record NightSession(
    NightId Id, NightState State, DateTimeOffset Started, DateTimeOffset? Ended, string Branch, string BaseCommit, string Agent, string? Ending, IReadOnlyList<NightTask> Tasks)
{
    /// <summary>Its report is written, its branch published, its alert on the way: what comes behind a session was done.</summary>
    public bool IsClosed { get; init; }

    /// <summary>When it went on after it was killed or stopped: its time counts from there.</summary>
    public DateTimeOffset? Resumed { get; init; }

    /// <summary>The gates that its changes had to pass, as paths in the base; none where the user waived them.</summary>
    public IReadOnlyList<string> Gates { get; init; } = [];
}

/// <summary>One task in a session.</summary>
/// <param name="Ordinal">1, 2, 3, … within the session.</param>
public sealed record NightTask(
    int Ordinal, string TaskId, string Description, string Fingerprint, TaskOutcome Outcome, DateTimeOffset Started, DateTimeOffset? Ended)
{
    /// <summary>Which rule refused, held or failed it: 'constraints/alignment', 'tests/new-failure'; null when it landed.</summary>
    public string? Rule { get; init; }

    /// <summary>Why, for people: 'Alignment score too low: 75'.</summary>
    public string? Reason { get; init; }
    public ImprovementId? Improvement { get; init; }
    /// <summary>On the branch; null unless it landed.</summary>
    public string? Commit { get; init; }
    public int? EstimatedLines { get; init; }

    /// <summary>Lines added and removed by what landed.</summary>
    public int ChangedLines { get; init; }

    /// <summary>In order; empty when no agent was run.</summary>
    public IReadOnlyList<NightAttempt> Attempts { get; init; } = [];
}

/// <summary>One run of the agent, and the checks behind it.</summary>
/// <param name="Number">1 is the first.</param>
/// <param name="Outcome">'landed', 'failed', 'denied', 'held', 'interrupted', …: the words of an execution context's state.</param>
public sealed record NightAttempt(int Number, ContextId Context, string Outcome, string? Reason, TimeSpan Duration, AgentUsage? Usage);
