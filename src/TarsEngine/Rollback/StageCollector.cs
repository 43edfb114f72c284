using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>What collecting displaced files did.</summary>
/// <param name="Removed">How many were deleted.</param>
/// <param name="Kept">Files that stay, each with the reason.</param>
public sealed record StageCollection(int Removed, IReadOnlyList<KeptFile> Kept);

/// <summary>A displaced file that is not deleted.</summary>
/// <param name="Path">Where it was in the codebase.</param>
/// <param name="KeptAt">Where it is now.</param>
public sealed record KeptFile(RepositoryPath Path, string KeptAt, string Reason);

/// <summary>
/// Deletes what settled commits displaced. An editor may still hold such a file open: a read lease proves that nobody has it
/// open for writing, and its hash that nobody wrote to it.
/// </summary>
internal sealed class StageCollector(FileSystem files, StateFolder state, CommitJournal journal, TimeProvider clock)
{
    public StageCollection Collect(TimeSpan olderThan)
    {
        using var all = files.OpenRoot(state.Stage);
        var present = files.List(all).ToHashSet(StringComparer.Ordinal);
        if (present.Count == 0) return new(0, []);
        var before = clock.GetUtcNow() - olderThan;
        var kept = new List<KeptFile>();
        var removed = 0;
        foreach (var row in journal.All().Where(r => present.Contains(r.Stage) && r.Updated <= before))
        {
            if (row.State is not (CommitState.Applied or CommitState.Aborted or CommitState.Discarded)) continue;
            using var alone = state.TryAcquire(CommitStage.LockName(row.Stage));
            if (alone is null) continue;
            using var stage = CommitStage.Open(files, state, row.Stage);
            stage?.Clear(journal.ReadManifest(row.Id), slot =>
            {
                // Deleted right after the lease ends: by then only one who finds it in the stage could open it.
                if (stage.WhyKept(slot, row.State == CommitState.Applied ? slot.Before : slot.After) is { } reason)
                {
                    kept.Add(new(slot.Path, stage.PathOf(slot), reason));
                    return false;
                }
                removed++;
                return true;
            });
        }
        return new(removed, kept);
    }
}
