using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>How a commit ended. Except after <see cref="Committed"/> the codebase is as it was, the user's own edits included.</summary>
public abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>The whole change is in the codebase, and durable.</summary>
    /// <param name="Transactions">In the order of the request's parts.</param>
    public sealed record Committed(IReadOnlyList<TransactionId> Transactions) : CommitOutcome;

    /// <summary>The change is empty.</summary>
    public sealed record NothingToCommit : CommitOutcome;

    /// <summary>Someone else changed what the change touches.</summary>
    public sealed record Conflicted(IReadOnlyList<FileConflict> Conflicts) : CommitOutcome;

    /// <summary>The tree is no longer the one that was validated.</summary>
    public sealed record TreeMoved(ContentHash Found) : CommitOutcome;

    /// <summary>It can't or may not be done here: a FIFO, a hard link, an immutable file, a full disk, …</summary>
    public sealed record Refused(IReadOnlyList<Finding> Findings) : CommitOutcome;
}

/// <summary>A path at which something else stands than expected.</summary>
/// <param name="Expected">Null is absence.</param>
/// <param name="Found">Null is absence, or something that is neither a file nor a symlink: the explanation says what.</param>
/// <param name="Explanation">For people: what happened, and where the bytes are.</param>
/// <param name="KeptAt">A file with bytes of the user's that are no longer at the path itself.</param>
public sealed record FileConflict(RepositoryPath Path, FileState? Expected, FileState? Found, string Explanation, string? KeptAt = null);

/// <summary>
/// Whether a commit holds is not known, or it is half done and can't be finished now. The next command settles it.
/// </summary>
public sealed class RecoveryNeededException(string message, Exception? cause = null) : Exception(message, cause);
