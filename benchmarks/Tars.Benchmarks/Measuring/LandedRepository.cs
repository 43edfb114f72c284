using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace Tars.Benchmarks.Measuring;

/// <summary>An edited repository with the engine on it, which lands edits as a journey does once its checks are over.</summary>
internal sealed class LandedRepository : IDisposable
{
    private static readonly TimeSpan displaced = TimeSpan.FromDays(1);
    private readonly EditedRepository repository;
    private readonly Codebase codebase;
    private TreeSnapshot tree = TreeSnapshot.Empty;

    private LandedRepository(EditedRepository repository, Codebase codebase) => (this.repository, this.codebase) = (repository, codebase);

    /// <summary>Where key and head of its audit trail lie.</summary>
    public string Home => repository.Folder + ".home";

    public string Folder => repository.Folder;

    public static async Task<LandedRepository> OpenAsync(Bench bench, EditedRepository repository, CancellationToken cancellation)
    {
        var home = Path.Combine(repository.Folder + ".home", "tars");
        var landed = new LandedRepository(repository, await Codebase.OpenAsync(new(repository.Folder, home, null, "bench", Bench.HostEnvironment), cancellation));
        bench.AtEnd(landed.Dispose);
        return landed;
    }

    /// <summary>As a journey lands once its checks are over: the tree looked at, and then the commit.</summary>
    public void Land(ContextId context, IReadOnlyList<(string Path, byte[] Content)> edit)
    {
        Look();
        Commit(context, edit);
        codebase.Transactions.CollectStage(displaced);
    }

    /// <summary>Captures the tree that the next edit is made for.</summary>
    public void Look() => tree = Capture();

    /// <summary>From contents in memory to a durable landing: contents, backups, journal, commit and audit, and the whole tree again under the lock.</summary>
    public void Commit(ContextId context, IReadOnlyList<(string Path, byte[] Content)> edit)
    {
        var changes = edit.Select(file =>
        {
            var path = RepositoryPath.Parse(file.Path);
            var before = tree[path]!;
            return new FileChange(path, before, before with { Hash = codebase.Objects.Put(file.Content), Size = file.Content.Length });
        }).ToList();
        codebase.Objects.MakeDurable([.. changes.Select(change => change.After!.Hash)]);
        var outcome = codebase.Transactions.Commit(new(context, [new("main", new(changes))], tree.Hash, "bench"), Capture, CancellationToken.None);
        if (outcome is not CommitOutcome.Committed) throw new InvalidOperationException($"A landing ended as {outcome}.");
    }

    /// <summary>Takes all of it back.</summary>
    public void RollBack(ContextId context)
    {
        var outcome = codebase.Execution.Rollback(new(context, new RollbackScope.All(), Force: false, "bench"));
        if (outcome is not RollbackOutcome.RolledBack) throw new InvalidOperationException($"A rollback ended as {outcome}.");
    }

    /// <summary>A landing that 'tarscli' knows of: with an improvement and a context of its own.</summary>
    public ContextId LandKnown()
    {
        var added = codebase.Improvements.Add(SmallImprovement.Make(), "bench").Improvement;
        var (context, run) = codebase.Contexts.Create(added.Id, new(), "bench", codebase.State);
        using (run)
        {
            Land(context.Id, repository.NextEdit());
            codebase.Contexts.Advance(context.Id, [ContextState.Planning], ContextState.Landed, "bench");
        }
        return context.Id;
    }

    public void Dispose() => codebase.Dispose();

    private TreeSnapshot Capture() => codebase.Capture.CaptureAsync().GetAwaiter().GetResult().Tree;
}
