using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>Where a commit stands in the journal.</summary>
public enum CommitState
{
    /// <summary>Everything is staged; nothing of the user's is touched.</summary>
    Prepared,

    /// <summary>The commit point is behind: it will be finished, by recovery if need be.</summary>
    Committed,

    /// <summary>Done, durable.</summary>
    Applied,

    /// <summary>A conflict or a failing disk: only undoing from here on.</summary>
    Aborting,

    /// <summary>Undone.</summary>
    Aborted,

    /// <summary>Never reached the commit point.</summary>
    Discarded,
}

/// <summary>One named transaction as the journal knows it.</summary>
/// <param name="Commit">The number of the commit that it shares with the context's other transactions.</param>
/// <param name="Undoes">For a rollback: what it undid.</param>
/// <param name="HasBackup">False when it was landed without backups: then it can't be rolled back.</param>
/// <param name="RolledBack">The paths that later rollbacks have undone.</param>
public sealed record TransactionRecord(
    TransactionId Id, long Commit, ContextId Context, string Name, TransactionKind Kind, CommitState State, ChangeSet Changes,
    IReadOnlyList<UndonePart> Undoes, bool HasBackup, string Actor, DateTimeOffset Created, IReadOnlySet<RepositoryPath> RolledBack)
{
    /// <summary>What of it still stands: applied, and not rolled back.</summary>
    public IEnumerable<FileChange> Standing => State == CommitState.Applied ? Changes.Where(c => !RolledBack.Contains(c.Path)) : [];

    /// <summary>True when it was applied and nothing of it stands any more.</summary>
    public bool IsRolledBack => State == CommitState.Applied && Changes.All(c => RolledBack.Contains(c.Path));
}
