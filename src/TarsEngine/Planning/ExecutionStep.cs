using TarsEngine.Files;
using TarsEngine.Improvements;

namespace TarsEngine.Planning;

/// <summary>Where a step stands.</summary>
public enum StepState
{
    Pending,
    Running,
    Done,
    Failed,

    /// <summary>Not run, since something before it failed or the run was stopped.</summary>
    Skipped,
}

/// <summary>
/// How a step is undone. Before the commit it has touched nothing but its workspace, which is dropped; after it, the pre-images of its
/// transaction come back from the backup.
/// </summary>
/// <param name="Transaction">The named transaction that is rolled back.</param>
/// <param name="Paths">The files that come back; null where only the run tells them.</param>
public sealed record RollbackProcedure(string Transaction, IReadOnlyList<RepositoryPath>? Paths)
{
    /// <summary>For people.</summary>
    public string Description => Paths switch
    {
        null => $"bring back every file that transaction '{Transaction}' changed, from the backup",
        [] => "nothing to undo",
        [var only] => $"bring back '{only}' from the backup",
        [var first, ..] => $"bring back '{first}' and {Paths.Count - 1} more from the backup",
    };
}

/// <summary>One step of a plan.</summary>
/// <param name="DependsOn">Steps that must be done before: those declared, and those that the planner added.</param>
/// <param name="Expectations">What must be true once it is done.</param>
public sealed record ExecutionStep(
    string Id,
    StepAction Action,
    IReadOnlyList<string> DependsOn,
    string Transaction,
    IReadOnlyList<StepExpectation> Expectations,
    RollbackProcedure Rollback,
    StepState State = StepState.Pending)
{
    public string? Description { get; init; }

    /// <summary>Steps of one wave don't depend on each other; a wave begins when the one before is done. From 0.</summary>
    public int Wave { get; init; }

    /// <summary>Why it failed, for people.</summary>
    public string? Error { get; init; }

    public DateTimeOffset? Started { get; init; }
    public DateTimeOffset? Finished { get; init; }
}
