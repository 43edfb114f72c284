using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>Compares what a rollback expects with what stands there, and finds who is in the way.</summary>
internal sealed class RollbackPlan(FileSystem files, IReadOnlyList<TransactionRecord> all, IReadOnlyList<Selected> selected, bool force)
{
    private readonly List<FileConflict> conflicts = [];
    private readonly List<OverriddenFile> overridden = [];
    private readonly SortedSet<long> dependents = [];

    public IReadOnlyList<FileConflict> Conflicts => conflicts;

    public IReadOnlyList<OverriddenFile> Overridden => overridden;

    public IReadOnlyList<TransactionId> Dependents => [.. dependents.Select(n => new TransactionId(n))];

    /// <summary>What is to be committed: from what stands there now to what stood there before.</summary>
    public ChangeSet Changes { get; private set; } = ChangeSet.Empty;

    public void Compare(ChangeSet inverse, DirectoryHandle root)
    {
        using var folders = new HeldFolders(files, root);
        var changes = new List<FileChange>();
        foreach (var change in inverse)
        {
            var seen = files.Look(folders.Get(change.Path.Parent), change.Path.Name);
            // A folder makes way where nobody's file is in it; the commit looks.
            var mayMakeWay = change.Before is null && seen is { Exists: true, State: null };
            if (!force && Dependent(change.Path) is { } later)
            {
                dependents.Add(later.Id.Number);
                conflicts.Add(new(change.Path, change.Before, seen.State,
                    $"'{change.Path}' was changed again by {later.Id} ('{ByteText.Display(later.Name)}', {later.Context}), which depends on it: roll that back first."));
            }
            else if (seen.Is(change.Before) || mayMakeWay) changes.Add(change);
            else if (seen.Is(change.After)) continue;
            else if (force && (seen.State is not null || !seen.Exists))
            {
                overridden.Add(new(change.Path, seen.State));
                changes.Add(new(change.Path, seen.State, change.After));
            }
            else
            {
                conflicts.Add(new(change.Path, change.Before, seen.State, seen is { Exists: true, State: null }
                    ? $"'{change.Path}': {seen} stands there now. Move it away, then try again."
                    : $"'{change.Path}' was {(seen.Exists ? "edited" : "deleted")} since it was landed. Keep your edit, or use --force, which keeps a copy of it."));
            }
        }
        Changes = new(changes);
    }

    // The latest transaction that stands, came later, and touches the path, a folder above it or something below it.
    private TransactionRecord? Dependent(RepositoryPath path)
    {
        var first = selected.Where(s => s.Changes.Any(c => c.Path == path)).Max(s => s.Transaction.Id.Number);
        return all.LastOrDefault(t => t.Kind == TransactionKind.Landing && t.Id.Number > first
            && t.Standing.Any(c => Touches(c, path) && !IsSelected(t, c.Path)));

        static bool Touches(FileChange change, RepositoryPath path) =>
            change.Path == path || (change.Path.IsUnder(path) && change.After is not null) || (path.IsUnder(change.Path) && change.After is not null);
    }

    private bool IsSelected(TransactionRecord transaction, RepositoryPath path) =>
        selected.Any(s => s.Transaction.Id == transaction.Id && s.Changes.Any(c => c.Path == path));
}
