using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>What recovery did with one commit.</summary>
public enum RecoveryAction
{
    /// <summary>It never reached its commit point; what was staged is gone.</summary>
    Discarded,

    /// <summary>It was finished.</summary>
    RolledForward,

    /// <summary>It was undone, because of a conflict.</summary>
    Undone,
}

/// <summary>One commit that an interrupted command left, and how it was settled.</summary>
/// <param name="Conflicts">Paths where someone else's bytes stood; they were kept.</param>
public sealed record RecoveredCommit(
    long Commit, ContextId Context, TransactionKind Kind, IReadOnlyList<TransactionId> Transactions, RecoveryAction Action,
    IReadOnlyList<FileConflict> Conflicts);

/// <summary>Everything that recovery settled.</summary>
public sealed record RecoveryReport(IReadOnlyList<RecoveredCommit> Commits)
{
    public static RecoveryReport Nothing { get; } = new([]);

    public bool IsEmpty => Commits.Count == 0;
}
