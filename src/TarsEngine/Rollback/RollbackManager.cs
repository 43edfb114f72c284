using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>
/// Undoes landed transactions. An undo is a transaction too: recorded, atomic, crash-safe, and through the same commit protocol.
/// It does not overwrite what was edited since, unless forced.
/// </summary>
public sealed class RollbackManager(TransactionManager transactions, FileBackupService backups, FileSystem files, string codebaseRoot)
{
    public RollbackOutcome Rollback(RollbackRequest request, CancellationToken beforeCommitPoint = default)
    {
        transactions.Recover();
        var all = transactions.List();
        var landed = all.Where(t => t.Context == request.Context && t is { Kind: TransactionKind.Landing, State: CommitState.Applied }).ToList();
        if (landed.Count == 0) return new RollbackOutcome.NothingToUndo($"{request.Context} has not brought anything into the codebase.");
        var selected = Select(request.Scope, landed, out var missing);
        if (missing is not null) return missing;
        if (selected.Count == 0) return new RollbackOutcome.NothingToUndo($"What was asked for of {request.Context} is rolled back already.");
        if (selected.Where(s => !s.Transaction.HasBackup).ToList() is { Count: > 0 } bare)
            return new RollbackOutcome.NoBackup([.. bare.Select(s => s.Transaction.Id)]);

        var undone = selected.Aggregate(ChangeSet.Empty, (sum, s) => sum.Then(new ChangeSet(s.Changes)));
        var plan = new RollbackPlan(files, all, selected, request.Force);
        using (var root = files.OpenRoot(codebaseRoot)) plan.Compare(undone.Inverse(), root);
        if (plan.Conflicts.Count > 0) return new RollbackOutcome.Conflicted(plan.Conflicts, plan.Dependents);
        if (plan.Changes.IsEmpty) return new RollbackOutcome.NothingToUndo($"The files of {request.Context} are already as they were before it.");
        return Commit(request, selected, plan, beforeCommitPoint);
    }

    /// <summary>What still stands of what a context landed.</summary>
    public ContextStanding StandingOf(ContextId context)
    {
        var landed = transactions.List(context).Where(t => t is { Kind: TransactionKind.Landing, State: CommitState.Applied }).ToList();
        if (landed.Count == 0) return ContextStanding.NeverLanded;
        if (landed.All(t => t.RolledBack.Count == 0)) return ContextStanding.Whole;
        return landed.All(t => t.IsRolledBack) ? ContextStanding.Nothing : ContextStanding.Partly;
    }

    private RollbackOutcome Commit(RollbackRequest request, IReadOnlyList<Selected> selected, RollbackPlan plan, CancellationToken beforeCommitPoint)
    {
        var name = "rollback of " + string.Join(", ", selected.Select(s => s.Transaction.Id));
        var commit = new CommitRequest(request.Context, [new(name, plan.Changes)], null, request.Actor)
        {
            Kind = TransactionKind.Rollback,
            Undoes = [.. selected.Select(s => new UndonePart(s.Transaction.Id, [.. s.Changes.Select(c => c.Path)]))],
            Hints = Hints(selected),
        };
        try
        {
            return transactions.Commit(commit, null, beforeCommitPoint) switch
            {
                CommitOutcome.Committed done => new RollbackOutcome.RolledBack(
                    done.Transactions[0], plan.Changes, plan.Overridden, StandingOf(request.Context) == ContextStanding.Nothing),
                CommitOutcome.Conflicted { Conflicts: var conflicts } => new RollbackOutcome.Conflicted(conflicts, []),
                CommitOutcome.Refused { Findings: var findings } => new RollbackOutcome.Refused(findings),
                var other => throw new InvalidOperationException($"A rollback can't end as {other.GetType().Name}."),
            };
        }
        catch (Exception error) when (error is ObjectCorruptException or ObjectMissingException)
        {
            return new RollbackOutcome.BackupCorrupt(backups.Verify(plan.Changes.Inverse()));
        }
    }

    private static List<Selected> Select(RollbackScope scope, List<TransactionRecord> landed, out RollbackOutcome? missing)
    {
        missing = null;
        switch (scope)
        {
            case RollbackScope.Transaction { Id: var id }:
                if (landed.All(t => t.Id != id))
                    missing = new RollbackOutcome.NotFound($"{id} is not a landed transaction of {landed[0].Context}; it has {string.Join(", ", landed.Select(t => t.Id))}.");
                landed = [.. landed.Where(t => t.Id == id)];
                break;
            case RollbackScope.File { Path: var path }:
                if (!landed.Any(t => t.Changes.Any(c => Concerns(c, path))))
                    missing = new RollbackOutcome.NotFound($"{landed[0].Context} did not change '{path}'.");
                return [.. landed.Select(t => new Selected(t, [.. t.Standing.Where(c => Concerns(c, path))])).Where(s => s.Changes.Count > 0)];
        }
        return [.. landed.Select(t => new Selected(t, [.. t.Standing])).Where(s => s.Changes.Count > 0)];

        static bool Concerns(FileChange change, RepositoryPath path) => change.Path == path || change.Path.IsUnder(path);
    }

    // What the undone commits removed comes back with owner, mode and attributes; only folders that they made go.
    private RestoreHints Hints(IReadOnlyList<Selected> selected)
    {
        var made = new HashSet<RepositoryPath>();
        var folders = new Dictionary<RepositoryPath, NodeAttributes>();
        var nodes = new Dictionary<RepositoryPath, NodeAttributes>();
        foreach (var manifest in selected.Select(s => s.Transaction.Commit).Distinct().Select(transactions.ManifestOf))
        {
            made.UnionWith(manifest.Made.Select(m => m.Path));
            foreach (var folder in manifest.Removed) folders.TryAdd(folder.Path, folder.Was);
            foreach (var slot in manifest.Slots)
                if (slot.Was is { } was) nodes.TryAdd(slot.Path, was);
        }
        return new(made, folders, nodes);
    }
}

/// <summary>A transaction, and which of its changes are to be undone.</summary>
internal sealed record Selected(TransactionRecord Transaction, IReadOnlyList<FileChange> Changes);
