using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Worlds;

namespace Tars.Stress.Model;

/// <summary>A real codebase, and beside it the model of what it should be. What differs is told.</summary>
internal sealed class ModelWorld(string folder) : IDisposable
{
    private const int MostTries = 100;
    private readonly List<ModelLanding> landings = [];
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
        if (!UserEdit.Make(world.Code, tree, path, edit.Content)) return null;
        tree.Put(path, edit.Content);
        foreach (var landing in landings) landing.Touched([path]);
        return null;
    }

    private string? RollBack(ModelOperation.RollBack back, ModelLanding landing)
    {
        var one = landing.Path(back.File);
        var undo = landing.Undo(tree, one);
        var request = new RollbackRequest(landing.Context, one is { } file ? new RollbackScope.File(file) : new RollbackScope.All(), back.Force, "model");
        if (back.KilledAt >= 0 && undo.MustGo)
        {
            var died = DieIn(on => on.Rollbacks.Rollback(request), back.KilledAt);
            if (!undo.Wanted.Is(world.Snapshot())) return died ? null : "the rollback came to its end, and is not there";
        }
        else if (world.Rollbacks.Rollback(request) is not RollbackOutcome.RolledBack and var outcome)
        {
            return undo.MustGo ? $"a rollback that nothing stands against ended as {outcome}" : null;
        }
        landing.RolledBack(undo.Paths);
        foreach (var other in landings.Where(other => other != landing)) other.Touched(undo.Paths);
        tree = undo.Wanted;
        return null;
    }

    private string? Collect()
    {
        var collected = world.Transactions.CollectStage(TimeSpan.Zero);
        for (var tried = 0; collected.Kept.Count > 0 && tried < MostTries; tried++)
        {
            // The dead of this process leave files open, as no dead process does, until they are finalized; once is not always enough.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            collected = world.Transactions.CollectStage(TimeSpan.Zero);
        }
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
}
