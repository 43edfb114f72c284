using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Worlds;

namespace Tars.Stress.Model;

/// <summary>A real codebase, and beside it the model of what it should be. What differs is told.</summary>
internal sealed class ModelWorld(string folder) : IDisposable
{
    private readonly List<Landing> landings = [];
    private ModelTree tree = new();
    private CommitWorld world = new(folder);
    private int contexts;

    /// <returns>What is wrong after it; null for nothing.</returns>
    public string? Do(ModelOperation operation)
    {
        var problem = operation switch
        {
            ModelOperation.Land land => Land(land),
            ModelOperation.Edit edit => Edit(edit),
            ModelOperation.RollBack back => landings.Count > 0 ? RollBack(back, landings[back.Which % landings.Count]) : null,
            _ => Collect(),
        };
        return problem ?? Difference();
    }

    /// <summary>What only the end shows.</summary>
    public string? End()
    {
        if (world.Audit.Verify() is { IsIntact: false } trail) return $"the audit trail: {string.Join("; ", trail.Problems)}";
        return world.Transactions.Recover().IsEmpty ? null : "something is left to recover";
    }

    public void Dispose() => world.Dispose();

    private string? Difference() => tree.Is(world.Snapshot()) ? null : $"the model has {tree}\n  the codebase {string.Join(", ", world.Snapshot().Entries.Select(e => $"{e.Key}={Text(e.Key)}"))}";

    private string Text(RepositoryPath path)
    {
        var plain = new FileSystem();
        using var top = plain.OpenRoot(world.Code);
        using var parent = plain.OpenDirectory(top, path.Parent)!;
        using var file = plain.OpenRead(parent, path.Name);
        using var reader = new StreamReader(file);
        return reader.ReadToEnd().Trim();
    }

    private string? Land(ModelOperation.Land land)
    {
        var wanted = tree.Copy();
        foreach (var (number, content) in land.Edits) wanted.Put(ModelTree.Path(number), content);
        var paths = tree.Files.Union(wanted.Files).Where(path => tree[path] != wanted[path]).ToList();
        var changes = paths.ConvertAll(path => new FileChange(path, StateOf(tree[path]), StateOf(wanted[path])));
        // The second part takes every other path; both are one landing.
        var cut = land.Two ? (changes.Count + 1) / 2 : changes.Count;
        NamedChange[] parts = [new("one", new(changes[..cut])), .. land.Two && cut < changes.Count ? [new NamedChange("two", new(changes[cut..]))] : (NamedChange[])[]];
        var context = new ContextId(++contexts);
        CommitOutcome Commit(CommitWorld on) => on.Transactions.Commit(new(context, parts, on.Snapshot().Hash, "model"), on.Snapshot, CancellationToken.None);
        if (land.KilledAt >= 0)
        {
            var died = DieIn(on => Commit(on), land.KilledAt);
            if (!wanted.Is(world.Snapshot())) return died ? null : "it came to its end, and is not there";
        }
        else if (Commit(world) is var outcome && (changes.Count == 0 ? outcome is not CommitOutcome.NothingToCommit : outcome is not CommitOutcome.Committed))
        {
            return $"a landing ended as {outcome}";
        }
        if (changes.Count == 0) return null;
        foreach (var landing in landings) landing.Touched(paths);
        landings.Add(new(context, paths.ToDictionary(path => path, path => tree[path])));
        tree = wanted;
        return null;
    }

    private string? Edit(ModelOperation.Edit edit)
    {
        var path = ModelTree.Path(edit.Path);
        // Nobody writes a file where a folder stands, or below a file.
        if (tree.InTheWayOf(path).Any() || tree[path] == edit.Content || Directory.Exists(Path.Combine(world.Code, path.Value))) return null;
        var (plain, wanted) = (new FileSystem(), tree.Copy());
        wanted.Put(path, edit.Content);
        using (var top = plain.OpenRoot(world.Code))
        {
            if (edit.Content == 0)
            {
                using var parent = plain.OpenDirectory(top, path.Parent)!;
                plain.Unlink(parent, path.Name);
            }
            else
            {
                foreach (var above in path.Ancestors())
                {
                    using var parent = plain.OpenDirectory(top, above.Parent)!;
                    if (plain.Stat(parent, above.Name) is null) plain.CreateDirectory(parent, above.Name, 0b111_101_101);
                }
                using var folderOf = plain.OpenDirectory(top, path.Parent)!;
                if (tree[path] != 0) plain.Unlink(folderOf, path.Name);
                using var file = plain.CreateFile(folderOf, path.Name, 0b110_100_100);
                plain.Write(file, ModelTree.Bytes(edit.Content));
            }
        }
        foreach (var landing in landings) landing.Touched([path]);
        tree = wanted;
        return null;
    }

    private string? RollBack(ModelOperation.RollBack back, Landing landing)
    {
        var one = back.File < 0 ? (RepositoryPath?)null : landing.Before.Keys.OrderBy(path => path).ElementAt(back.File % landing.Before.Count);
        var standing = landing.Before.Where(pair => !landing.Undone.Contains(pair.Key) && (one is not { } only || pair.Key == only || pair.Key.IsUnder(only))).ToList();
        var wanted = tree.Copy();
        foreach (var (path, _) in standing) wanted.Put(path, 0);
        var blocked = standing.Any(pair => pair.Value != 0 && wanted.InTheWayOf(pair.Key).Any());
        foreach (var (path, content) in standing) wanted.Put(path, content);
        var request = new RollbackRequest(landing.Context, one is { } file ? new RollbackScope.File(file) : new RollbackScope.All(), back.Force, "model");
        // Nobody else has been there since, nor anybody above or below it: then it must go.
        var must = standing.Count > 0 && !blocked && standing.TrueForAll(pair => !landing.MayBeInTheWayOf(pair.Key, standing.Select(other => other.Key)));
        if (back.KilledAt >= 0 && must)
        {
            var died = DieIn(on => on.Rollbacks.Rollback(request), back.KilledAt);
            if (!wanted.Is(world.Snapshot())) return died ? null : "the rollback came to its end, and is not there";
        }
        else
        {
            var outcome = world.Rollbacks.Rollback(request);
            if (outcome is not RollbackOutcome.RolledBack) return must ? $"a rollback that nothing stands against ended as {outcome}" : null;
        }
        landing.Undone.UnionWith(standing.Select(pair => pair.Key));
        foreach (var other in landings.Where(other => other != landing)) other.Touched(standing.Select(pair => pair.Key));
        tree = wanted;
        return null;
    }

    private string? Collect()
    {
        var collected = world.Transactions.CollectStage(TimeSpan.Zero);
        var left = Directory.GetFileSystemEntries(world.State.Stage, "*", SearchOption.AllDirectories);
        return left.Length == 0 ? null : $"the stage holds {string.Join(", ", left.Select(entry => Path.GetRelativePath(world.State.Stage, entry)))}; kept: {string.Join(", ", collected.Kept)}";
    }

    /// <summary>In another process, which dies; the next one recovers.</summary>
    private bool DieIn(Action<CommitWorld> act, int point)
    {
        world.Dispose();
        var died = Killer.Die(folder, new Killer(point, onlyMutating: true), act);
        world = new(folder);
        world.Transactions.Recover();
        return died;
    }

    private FileState? StateOf(int content)
    {
        if (content == 0) return null;
        var bytes = ModelTree.Bytes(content);
        return new(EntryKind.File, 0b110_100_100, world.Objects.Put(bytes), bytes.Length);
    }

    /// <summary>What one landing brought.</summary>
    /// <param name="Before">Its paths, and what stood there before.</param>
    private sealed record Landing(ContextId Context, IReadOnlyDictionary<RepositoryPath, int> Before)
    {
        /// <summary>Rolled back already.</summary>
        public HashSet<RepositoryPath> Undone { get; } = [];

        /// <summary>Touched by others since.</summary>
        public HashSet<RepositoryPath> Foreign { get; } = [];

        /// <summary>Others since, or what stays of it when only <paramref name="chosen"/> is rolled back, touched this path or one above or below it.</summary>
        public bool MayBeInTheWayOf(RepositoryPath path, IEnumerable<RepositoryPath> chosen) =>
            Foreign.Contains(path) || Foreign.Concat(Before.Keys.Except(Undone).Except(chosen)).Any(other => other.IsUnder(path) || path.IsUnder(other));

        public void Touched(IEnumerable<RepositoryPath> paths) => Foreign.UnionWith(paths);
    }
}
