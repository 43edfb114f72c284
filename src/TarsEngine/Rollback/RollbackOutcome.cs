using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>How much of a context a rollback takes back.</summary>
public abstract record RollbackScope
{
    private RollbackScope()
    {
    }

    /// <summary>Everything that still stands.</summary>
    public sealed record All : RollbackScope;

    /// <summary>One of its named transactions.</summary>
    public sealed record Transaction(TransactionId Id) : RollbackScope;

    /// <summary>One file, or everything below one folder.</summary>
    public sealed record File(RepositoryPath Path) : RollbackScope;
}

/// <param name="Force">Overrides later edits; the bytes that are overridden are kept in the object store.</param>
/// <param name="Actor">Who does it, for the audit trail.</param>
public sealed record RollbackRequest(ContextId Context, RollbackScope Scope, bool Force, string Actor)
{
    /// <summary>On a branch: files in which later commits' lines are kept, and only this landing's are taken back, where git can merge that.</summary>
    public IReadOnlySet<RepositoryPath> Merged { get; init; } = new HashSet<RepositoryPath>();
}

/// <summary>How a rollback ended. Except after <see cref="RolledBack"/> the codebase is as it was.</summary>
public abstract record RollbackOutcome
{
    private RollbackOutcome()
    {
    }

    /// <summary>Done, and recorded as a transaction of its own.</summary>
    /// <param name="Changes">What the rollback changed.</param>
    /// <param name="Overridden">Later edits that were overridden; their bytes are in the object store under these hashes.</param>
    /// <param name="IsWhole">True when nothing of the context stands any more.</param>
    public sealed record RolledBack(TransactionId Transaction, ChangeSet Changes, IReadOnlyList<OverriddenFile> Overridden, bool IsWhole) : RollbackOutcome;

    /// <summary>Done on a branch; no file of the codebase changed.</summary>
    /// <param name="Branch">Without 'refs/heads/'.</param>
    /// <param name="Commit">The commit that takes it back; null where the branch was moved back.</param>
    public sealed record BranchRolledBack(string Branch, string? Commit, ChangeSet Changes) : RollbackOutcome;

    /// <summary>There is nothing (any more) that could be undone.</summary>
    public sealed record NothingToUndo(string Explanation) : RollbackOutcome;

    /// <summary>Files were edited since, or later transactions depend on them.</summary>
    /// <param name="Dependents">The later transactions, oldest first; empty when it is edits only.</param>
    public sealed record Conflicted(IReadOnlyList<FileConflict> Conflicts, IReadOnlyList<TransactionId> Dependents) : RollbackOutcome;

    /// <summary>Backups are damaged or missing, and were not used.</summary>
    public sealed record BackupCorrupt(IReadOnlyList<BackupProblem> Problems) : RollbackOutcome;

    /// <summary>These were landed without backups, as the user's own configuration allowed.</summary>
    public sealed record NoBackup(IReadOnlyList<TransactionId> Transactions) : RollbackOutcome;

    /// <summary>No such transaction or file in the context.</summary>
    public sealed record NotFound(string Explanation) : RollbackOutcome;

    /// <summary>It can't be done here: a FIFO, an immutable file, a full disk, …</summary>
    public sealed record Refused(IReadOnlyList<Finding> Findings) : RollbackOutcome;
}

/// <summary>An edit that a forced rollback replaced. Null is absence: then there were no bytes to keep.</summary>
public sealed record OverriddenFile(RepositoryPath Path, FileState? Was);

/// <summary>What still stands of what a context brought into the codebase.</summary>
public enum ContextStanding
{
    /// <summary>It never landed anything.</summary>
    NeverLanded,
    Whole,
    Partly,

    /// <summary>Everything was rolled back.</summary>
    Nothing,
}
