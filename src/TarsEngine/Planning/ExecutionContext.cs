using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>One execution of an improvement, as the state database holds it.</summary>
/// <param name="BaseTree">The tree that the change was made for.</param>
/// <param name="ResultTree">The tree that was validated.</param>
/// <param name="Changes">All of its change as one; null until it is frozen, and in lists.</param>
/// <param name="Verdict">As JSON, as it was saved.</param>
/// <param name="Error">Why it failed, for people.</param>
public sealed record ExecutionContext(
    ContextId Id,
    ImprovementId Improvement,
    ContextState State,
    bool DryRun,
    ExecutionOptions Options,
    ContentHash? BaseTree,
    ContentHash? ResultTree,
    ChangeSet? Changes,
    string? Verdict,
    string? Error,
    DateTimeOffset Created,
    DateTimeOffset Updated,
    int StepsDone,
    int StepsTotal)
{
    /// <summary>The change by named transaction, in order; empty until it is frozen, and in lists.</summary>
    public IReadOnlyList<NamedChange> Parts { get; init; } = [];
}
