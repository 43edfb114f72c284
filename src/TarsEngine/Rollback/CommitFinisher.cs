using System.Globalization;
using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>How what lay behind the commit point ended: applied, or undone because of a conflict or a failing call.</summary>
/// <param name="Conflicts">Empty when it was applied.</param>
/// <param name="Failure">The call that failed, when that is why it was undone.</param>
internal sealed record Finished(bool Applied, IReadOnlyList<FileConflict> Conflicts, IOException? Failure);

/// <summary>
/// Everything behind the commit point, for the one who commits and for recovery alike: applied and durable, or undone and durable.
/// Neither can be cancelled. What can't be finished now stays in the journal as it is.
/// </summary>
internal sealed class CommitFinisher(FileSystem files, CommitJournal journal, AuditTrailService audit, string actor)
{
    private const int Few = 8;

    /// <param name="resumed">True in recovery.</param>
    /// <exception cref="RecoveryNeededException">Neither finished nor undone.</exception>
    public Finished Finish(CommitRow row, Manifest manifest, HeldFolders folders, CommitStage stage, bool resumed)
    {
        if (row.State == CommitState.Aborting) return Undo(row, manifest, folders, stage, [], null);
        FileConflict? conflict = null;
        IOException? failure = null;
        try
        {
            conflict = new ManifestApplier(files, folders, stage, manifest).Apply(resumed);
        }
        catch (IOException error)
        {
            failure = error;
        }
        if (conflict is null && failure is null)
        {
            MakeDurable(row, manifest, folders, stage);
            Journal(row, CommitState.Applied, resumed ? "recovered" : row.Kind == TransactionKind.Landing ? "transaction-committed" : "transaction-rolled-back", "applied");
            return new(true, [], null);
        }
        var aborting = Settle(row, () => journal.Advance(row, CommitState.Aborting)) ?? throw Lost(row, null);
        return Undo(aborting, manifest, folders, stage, conflict is null ? [] : [conflict], failure);
    }

    private Finished Undo(CommitRow row, Manifest manifest, HeldFolders folders, CommitStage stage, IReadOnlyList<FileConflict> conflicts, IOException? failure)
    {
        var kept = Settle(row, () => new ManifestUndo(files, folders, stage, manifest).Undo());
        MakeDurable(row, manifest, folders, stage);
        Journal(row, CommitState.Aborted, "transaction-aborted", failure is null ? "conflict" : failure.Message);
        Settle(row, () =>
        {
            // A program may have opened a new file while it stood at its path: what it writes there is not ours to delete.
            stage.Clear(manifest, slot => slot.After is not null && stage.WhyKept(slot, slot.After) is null);
            return true;
        });
        // What stopped it and what could not be put back are often one and the same path: the later word names where the bytes are.
        return new(false, [.. conflicts.Where(c => kept.All(k => k.Path != c.Path)), .. kept], failure);
    }

    private void MakeDurable(CommitRow row, Manifest manifest, HeldFolders folders, CommitStage stage) => Settle(row, () =>
    {
        var touched = manifest.TouchedFolders;
        if (touched.Count > Few) files.SyncFileSystem(folders.Root);
        else
        {
            foreach (var path in touched)
                if (folders.Get(path) is { } folder) files.Fsync(folder);
        }
        files.Fsync(stage.Folder);
        return true;
    });

    private void Journal(CommitRow row, CommitState state, string action, string outcome)
    {
        var transactions = Settle(row, () => journal.TransactionsOf(row.Id));
        var next = Settle(row, () => journal.Advance(row, state, tx =>
        {
            foreach (var id in transactions)
                audit.Append(tx, new(action, actor, id.ToString(), ("context", row.Context.ToString()), ("kind", row.Kind.ToString()), ("outcome", outcome)));
        }));
        if (next is null) throw Lost(row, null);
    }

    // Behind the commit point an error of the disk or of the state leaves work for the next command, and is said so.
    private static T Settle<T>(CommitRow row, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is IOException or StateException)
        {
            throw Lost(row, error);
        }
    }

    private static RecoveryNeededException Lost(CommitRow row, Exception? cause) => new(
        string.Create(CultureInfo.InvariantCulture, $"Commit {row.Id} of {row.Context} is begun and could not be settled")
        + (cause is null ? ": its row in the journal was changed by someone else." : $": {cause.Message}")
        + " Nothing is lost: the next command finishes or undoes it. Mend the cause, then run 'tarscli recover'.", cause);

    /// <summary>A failing call, as a reason why a change was refused.</summary>
    public static Finding ToFinding(IOException failure) => new(Severity.Error, failure.HResult switch
    {
        Errno.NoSpace or Errno.Quota => "disk/full",
        Errno.AccessDenied or Errno.PermissionDenied => "file/no-permission",
        Errno.ReadOnly => "disk/read-only",
        _ => "disk/error",
    }, failure.Message, null, null, "The codebase is as it was. Mend the cause, then try again.");
}
