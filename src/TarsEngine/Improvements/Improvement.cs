using TarsEngine.Storage;

namespace TarsEngine.Improvements;

/// <summary>How soon an improvement matters.</summary>
public enum ImprovementPriority
{
    Low,
    Medium,
    High,
    Critical,
}

/// <summary>Where an improvement stands. Every move is a compare-and-swap of the catalog.</summary>
public enum ImprovementState
{
    /// <summary>May be executed.</summary>
    Ready,

    /// <summary>A run holds it.</summary>
    Executing,

    /// <summary>Its change is validated and waits for a person.</summary>
    AwaitingReview,

    /// <summary>Its change is in the codebase.</summary>
    Landed,

    /// <summary>A run failed; it may be executed again.</summary>
    Failed,

    /// <summary>A reviewer said no; it may be executed again.</summary>
    Rejected,

    /// <summary>It landed and was rolled back; it may be executed again.</summary>
    RolledBack,

    /// <summary>Another improvement took its place.</summary>
    Superseded,

    /// <summary>Taken off the list; its id is never given again, so that the audit trail stays readable.</summary>
    Removed,
}

/// <summary>A change that somebody proposes: what it is for, and the steps that make it.</summary>
/// <param name="Source">Who or what proposed it: 'manual', 'patch', 'git:&lt;commit&gt; by &lt;author&gt;', …</param>
/// <param name="BaseCommit">The commit that it was made on, where that is known.</param>
public sealed record Improvement(
    ImprovementId Id,
    string Title,
    string Description,
    string Category,
    ImprovementPriority Priority,
    string Source,
    ImprovementState State,
    IReadOnlyList<StepDefinition> Steps,
    string? BaseCommit,
    DateTimeOffset Added);

/// <summary>One step as its author declared it; <c>ExecutionPlanner</c> checks and orders them.</summary>
/// <param name="DependsOn">Ids of steps that must be done before.</param>
/// <param name="Transaction">The named transaction that it belongs to; steps of one name are rolled back together.</param>
/// <param name="Expectations">What must be true once it is done.</param>
public sealed record StepDefinition(
    string Id,
    StepAction Action,
    IReadOnlyList<string> DependsOn,
    string? Description,
    string Transaction,
    IReadOnlyList<StepExpectation> Expectations)
{
    /// <summary>The transaction of steps that name none.</summary>
    public const string DefaultTransaction = "main";
}
