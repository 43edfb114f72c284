using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Planning;

/// <summary>What changes with a step from one state to the next; null leaves a value as it is.</summary>
public sealed record ContextUpdate
{
    public ContentHash? BaseTree { get; init; }
    public ContentHash? ResultTree { get; init; }

    /// <summary>The change by named transaction, in order.</summary>
    public IReadOnlyList<NamedChange>? Parts { get; init; }

    /// <summary>As JSON.</summary>
    public string? Verdict { get; init; }
    public string? Error { get; init; }

    /// <summary>More for the audit trail's entry about the new state.</summary>
    public IReadOnlyDictionary<string, string>? Details { get; init; }
}

/// <summary>What a move to another state gave.</summary>
public abstract record AdvanceResult;

/// <summary>The context is in the new state.</summary>
public sealed record Advanced(ExecutionContext Context) : AdvanceResult;

/// <summary>Somebody else was quicker: it was in none of the expected states, and nothing was changed.</summary>
public sealed record NotAsExpected(ContextState Found) : AdvanceResult;

/// <summary>What another process asks of a run.</summary>
public enum ControlRequest
{
    Pause,
    Resume,
    Cancel,
}

/// <summary>What asking gave.</summary>
public abstract record ControlResult;

/// <summary>The run will see it within a moment.</summary>
public sealed record ControlRequested(ContextState State) : ControlResult;

/// <summary>Nothing runs that could be paused, resumed or cancelled.</summary>
public sealed record NotRunning(ContextState State) : ControlResult;

/// <summary>There is no such context.</summary>
public sealed record NoSuchContext : ControlResult;

/// <summary>What a reviewer decided.</summary>
public enum ReviewDecision
{
    Approved,
    Rejected,
    Commented,
}

/// <summary>A person's word on a change.</summary>
/// <param name="Tree">The tree that it was said of: an approval holds for that tree only.</param>
public sealed record ReviewNote(string Reviewer, ReviewDecision Decision, string? Comment, ContentHash? Tree)
{
    /// <summary>When it was recorded.</summary>
    public DateTimeOffset Time { get; init; }
}
