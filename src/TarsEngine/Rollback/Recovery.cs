using System.Globalization;
using TarsEngine.Audit;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>Settles what interrupted commands left. No COMMIT: discard. COMMIT: roll forward. ABORTING: undo.</summary>
internal sealed class Recovery(FileSystem files, string codebaseRoot, StateFolder state, CommitJournal journal, AuditTrailService audit, string actor)
{
    /// <summary>True when there may be something to settle; asked without the lock.</summary>
    public bool HasWork() => journal.Unsettled().Count > 0 || Orphans().Count > 0;

    /// <summary>To be called under the commit lock.</summary>
    /// <exception cref="RecoveryNeededException">Something can't be settled now.</exception>
    public RecoveryReport Run()
    {
        var settled = new List<RecoveredCommit>();
        foreach (var row in journal.Unsettled())
        {
            var report = row.State == CommitState.Prepared ? Discard(row) : Finish(row);
            if (report is not null) settled.Add(report);
        }
        foreach (var name in Orphans()) RemoveOrphan(name);
        return settled.Count == 0 ? RecoveryReport.Nothing : new(settled);
    }

    private RecoveredCommit? Discard(CommitRow row)
    {
        // Still alive: it waits for the very lock that we hold.
        using var dead = state.TryAcquire(CommitStage.LockName(row.Stage));
        if (dead is null) return null;
        var transactions = journal.TransactionsOf(row.Id);
        var manifest = journal.ReadManifest(row.Id);
        using var stage = CommitStage.Open(files, state, row.Stage);
        // Something was moved already: the journal said once that this commit holds, and has lost that word.
        if (stage is { HasBegun: true } && manifest.Slots.Any(slot => !stage.Look(slot).Is(slot.After))) throw LostJournal(row.Stage);
        if (journal.Advance(row, CommitState.Discarded) is null) return null;
        stage?.Clear(manifest, _ => true);
        return new(row.Id, row.Context, row.Kind, transactions, RecoveryAction.Discarded, []);
    }

    private RecoveredCommit Finish(CommitRow row)
    {
        // Also tidies the lock's file, which a killed process leaves.
        using var dead = state.TryAcquire(CommitStage.LockName(row.Stage));
        var manifest = journal.ReadManifest(row.Id);
        using var root = files.OpenRoot(codebaseRoot);
        using var folders = new HeldFolders(files, root);
        using var stage = CommitStage.Open(files, state, row.Stage) ?? throw new RecoveryNeededException(string.Create(CultureInfo.InvariantCulture,
            $"Commit {row.Id} of {row.Context} was interrupted, and its stage '{row.Stage}' in '{ByteText.Display(state.Stage)}' is gone, so nothing can be finished or undone safely. ")
            + "Restore that folder from a backup, then run 'tarscli recover'.");
        var finished = new CommitFinisher(files, journal, audit, actor).Finish(row, manifest, folders, stage, resumed: true);
        return new(row.Id, row.Context, row.Kind, journal.TransactionsOf(row.Id),
            finished.Applied ? RecoveryAction.RolledForward : RecoveryAction.Undone, finished.Conflicts);
    }

    // Stages that never made it into the journal.
    private List<string> Orphans()
    {
        using var all = files.OpenRoot(state.Stage);
        var names = files.List(all);
        if (names.Count == 0) return [];
        var known = journal.Stages();
        return [.. names.Where(n => !known.Contains(n))];
    }

    private void RemoveOrphan(string name)
    {
        if (name.Length != 32 || !name.All(char.IsAsciiHexDigitLower)) return;
        using var dead = state.TryAcquire(CommitStage.LockName(name));
        // Asked again now that it can't be born any more.
        if (dead is null || journal.Stages().Contains(name)) return;
        using var stage = CommitStage.Open(files, state, name);
        if (stage?.Discard() == false) throw LostJournal(name);
    }

    private RecoveryNeededException LostJournal(string stage) => new(
        $"A commit was begun whose journal is lost: the state database '{ByteText.Display(state.Database)}' is damaged or older than the codebase. "
        + $"Files of the codebase may be half changed; what was displaced lies in '{ByteText.Display(Path.Combine(state.Stage, stage))}'. Nothing was guessed. "
        + "Restore the state folder from a backup of the same time; or bring back by hand what you need from that folder, move it away, and run the command again.");
}
