using TarsEngine;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Worlds;

namespace Tars.Stress.Model;

/// <summary>The whole journey on a real codebase without checks, and beside it the model of what it should be. What differs is told.</summary>
internal sealed class JourneyWorld : IDisposable
{
    private const int MostTries = 20;
    private readonly string folder;
    private readonly List<ImprovementId> improvements = [];
    private readonly List<Waiting> waiting = [];
    private readonly List<ModelLanding> landings = [];
    private readonly Dictionary<ImprovementId, IReadOnlyList<(RepositoryPath Path, int Content)>> edits = [];
    private ModelTree tree = new();
    private Codebase codebase;

    public JourneyWorld(string folder)
    {
        this.folder = folder;
        Directory.CreateDirectory(Code);
        File.WriteAllText(Configuration, "checks: []\nallow:\n  unvalidated: true\n  unproven: true\n");
        codebase = Open(null);
    }

    private string Code => Path.Combine(folder, "code");

    private string Configuration => Path.Combine(folder, "config.yaml");

    /// <returns>What is wrong after it; null for nothing.</returns>
    public async Task<string?> DoAsync(ModelOperation operation)
    {
        var problem = operation switch
        {
            ModelOperation.Propose propose => Propose(propose),
            ModelOperation.Execute execute when improvements.Count > 0 => await ExecuteAsync(execute, improvements[execute.Which % improvements.Count]),
            ModelOperation.Decide decide when waiting.Count > 0 => await DecideAsync(decide, waiting[decide.Which % waiting.Count]),
            ModelOperation.RollBack back when landings.Count > 0 => await RollBackAsync(back, landings[back.Which % landings.Count]),
            ModelOperation.Edit edit => Edit(edit),
            ModelOperation.Collect => Collect(),
            _ => null,
        };
        return problem ?? (IsAsModelled() ? null : $"the model has {tree}\n  the codebase {string.Join(", ", CommitWorld.Scan(Code))}");
    }

    /// <summary>What only the end shows.</summary>
    public string? End()
    {
        if (codebase.Audit.Verify() is { IsIntact: false } trail) return $"the audit trail: {string.Join("; ", trail.Problems)}";
        Reopen();
        // A lock can be held for an instant by a child that another thread starts, and by the dead of this process until they are finalized: what one
        // sweep leaves is the next one's.
        for (var tried = 0; tried < MostTries && Directory.EnumerateFileSystemEntries(codebase.State.Workspaces).Any(); tried++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Reopen();
        }
        if (codebase.Contexts.List().FirstOrDefault(context => context.State.IsRunning()) is { } running) return $"{running.Id} is left {running.State}";
        return Directory.EnumerateFileSystemEntries(codebase.State.Workspaces).FirstOrDefault() is { } left ? $"'{left}' is left" : null;
    }

    public void Dispose() => codebase.Dispose();

    private Codebase Open(ISeamObserver? seams) => Codebase.OpenAsync(
        new(Code, Path.Combine(folder, "user"), Configuration, "model", new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = "/usr/bin:/bin", ["HOME"] = folder }) { Seams = seams }).GetAwaiter().GetResult();

    private bool IsAsModelled() => tree.Is(CommitWorld.Snapshot(Code));

    private string? Propose(ModelOperation.Propose propose)
    {
        var wanted = tree.Copy();
        var made = new List<(RepositoryPath Path, int Content)>();
        foreach (var (number, content) in propose.Edits)
        {
            var path = ModelTree.Path(number);
            if (wanted.InTheWayOf(path).Any() || wanted[path] == content || made.Exists(edit => edit.Path == path)) continue;
            made.Add((path, content));
            wanted.Put(path, content);
        }
        if (made.Count == 0) return null;
        var contents = made.Where(edit => edit.Content != 0).Select(edit => ModelTree.Bytes(edit.Content)).DistinctBy(bytes => ContentHash.Of(bytes)).ToDictionary(bytes => ContentHash.Of(bytes));
        var cut = propose.Two ? (made.Count + 1) / 2 : made.Count;
        StepDefinition[] steps = [Step("one", made[..cut]), .. cut < made.Count ? [Step("two", made[cut..])] : (StepDefinition[])[]];
        if (codebase.Improvements.Add(new ImprovementProposal("model", "", ImprovementProposal.DefaultCategory, ImprovementPriority.Medium, "model", steps, null, contents), "model") is not Added added) return null;
        improvements.Add(added.Improvement.Id);
        edits[added.Improvement.Id] = made;
        return null;

        StepDefinition Step(string name, IEnumerable<(RepositoryPath Path, int Content)> part) => new(name, new EditAction([.. part.Select(edit => FileEditOf(edit.Path, edit.Content))]), [], null, name, []);
    }

    private FileEdit FileEditOf(RepositoryPath path, int content) => (tree[path], content) switch
    {
        (_, 0) => new DeleteEdit(path),
        (0, _) => new CreateEdit(path, ContentHash.Of(ModelTree.Bytes(content)), ModelTree.Bytes(content).Length),
        _ => new ReplaceEdit(path, ContentHash.Of(ModelTree.Bytes(content)), ModelTree.Bytes(content).Length),
    };

    private async Task<string?> ExecuteAsync(ModelOperation.Execute execute, ImprovementId id)
    {
        var wanted = tree.Copy();
        foreach (var (path, content) in edits[id]) wanted.Put(path, content);
        var before = edits[id].ToDictionary(edit => edit.Path, edit => tree[edit.Path]);
        var options = new ExecutionOptions { ApproveWhenValid = execute.AtOnce, Validate = execute.Validate };
        var outcome = await TryAsync(on => on.Execution.ExecuteAsync(id, options), execute.KilledAt);
        switch (outcome)
        {
            case ExecutionOutcome.AwaitingReview { Context: var context }:
                waiting.Add(new(context, before, edits[id]));
                return null;
            case ExecutionOutcome.Landed { Context: var context }:
                Landed(context, before, wanted);
                return null;
            case null when execute.AtOnce && !IsAsModelled() && wanted.Is(CommitWorld.Snapshot(Code)):
                Landed(codebase.Contexts.List().Last(context => context.Improvement == id).Id, before, wanted);
                return null;
            default:
                return null;
        }
    }

    private async Task<string?> DecideAsync(ModelOperation.Decide decide, Waiting one)
    {
        var state = codebase.Contexts.Get(one.Context)!.State;
        var isApplicable = one.Before.All(pair => tree[pair.Key] == pair.Value) && !one.Before.Keys.Any(path => tree.InTheWayOf(path).Any());
        var wanted = tree.Copy();
        foreach (var (path, content) in one.Edits) wanted.Put(path, content);
        var before = one.Edits.ToDictionary(edit => edit.Path, edit => tree[edit.Path]);
        var outcome = await TryAsync(on => decide.Approve ? on.Execution.ApproveAsync(one.Context, "person", null) : on.Execution.RejectAsync(one.Context, "person", null), decide.KilledAt);
        var isIn = wanted.Is(CommitWorld.Snapshot(Code)) && !IsAsModelled();
        if (outcome is ExecutionOutcome.Landed || (outcome is null && decide.Approve && isIn))
        {
            if (!state.AwaitsReview()) return $"{one.Context} was {state} and landed all the same";
            Landed(one.Context, before, wanted);
            return null;
        }
        return decide.Approve && state == ContextState.AwaitingReview && isApplicable && outcome is not (null or ExecutionOutcome.Landed or ExecutionOutcome.NothingToDo)
            ? $"{one.Context} waited, nothing stood against it, and its approval ended as {outcome}" : null;
    }

    private async Task<string?> RollBackAsync(ModelOperation.RollBack back, ModelLanding landing)
    {
        var one = landing.Path(back.File);
        var undo = landing.Undo(tree, one);
        var request = new RollbackRequest(landing.Context, one is { } file ? new RollbackScope.File(file) : new RollbackScope.All(), back.Force, "model");
        var outcome = await TryAsync(on => Task.FromResult(on.Execution.Rollback(request)), undo.MustGo ? back.KilledAt : -1);
        var isDone = outcome is RollbackOutcome.RolledBack || (outcome is null && !IsAsModelled() && undo.Wanted.Is(CommitWorld.Snapshot(Code)));
        if (!isDone) return undo.MustGo && outcome is not null ? $"a rollback that nothing stands against ended as {outcome}" : null;
        landing.RolledBack(undo.Paths);
        foreach (var other in landings.Where(other => other != landing)) other.Touched(undo.Paths);
        tree = undo.Wanted;
        return null;
    }

    private string? Edit(ModelOperation.Edit edit)
    {
        var path = ModelTree.Path(edit.Path);
        if (!UserEdit.Make(Code, tree, path, edit.Content)) return null;
        tree.Put(path, edit.Content);
        foreach (var landing in landings) landing.Touched([path]);
        return null;
    }

    private string? Collect()
    {
        if (Kept() is null) return null;
        // The dead of this process leave files open, as no dead process does, until they are finalized.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Kept();

        string? Kept() => codebase.Collect(new() { Age = TimeSpan.Zero, LayerBytes = 0 }).Displaced.Kept is [var kept, ..] ? $"{kept} was kept" : null;
    }

    private void Reopen()
    {
        codebase.Dispose();
        codebase = Open(null);
    }

    private void Landed(ContextId context, IReadOnlyDictionary<RepositoryPath, int> before, ModelTree wanted)
    {
        // What somebody had made the same already was no part of it.
        var changed = before.Where(pair => wanted[pair.Key] != pair.Value).ToDictionary(pair => pair.Key, pair => pair.Value);
        foreach (var landing in landings) landing.Touched(changed.Keys);
        if (changed.Count > 0) landings.Add(new(context, changed));
        tree = wanted;
    }

    /// <summary>In this process; or, where it is to be killed, in another one that dies, after which the next one finds what is left.</summary>
    /// <returns>Null when it died.</returns>
    private async Task<T?> TryAsync<T>(Func<Codebase, Task<T>> act, int killedAt) where T : class
    {
        if (killedAt < 0) return await act(codebase);
        codebase.Dispose();
        var killer = new Killer(killedAt, onlyMutating: true);
        T? outcome = null;
        try
        {
            using var dying = Open(killer);
            outcome = await act(dying);
        }
        catch (Exception) when (killer.IsDead)
        {
            // What a dead process still says, nobody hears.
        }
        codebase = Open(null);
        return killer.IsDead ? null : outcome;
    }

    /// <summary>An execution that waits for a person, or once did.</summary>
    private sealed record Waiting(ContextId Context, IReadOnlyDictionary<RepositoryPath, int> Before, IReadOnlyList<(RepositoryPath Path, int Content)> Edits);
}
