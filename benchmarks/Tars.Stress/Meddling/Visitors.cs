using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Worlds;

namespace Tars.Stress.Meddling;

/// <summary>Another command of ours, on the same codebase at the same time; it waits for nobody.</summary>
internal abstract class Visitor(Deed deed, string folder, int point) : Meddler(deed, folder, point)
{
    protected override bool NeedsDatabase => true;

    protected override bool Act()
    {
        using var world = new CommitWorld(Folder);
        var transactions = new TransactionManager(world.Files, world.Code, world.State, world.Database, world.Objects, world.Audit, TimeProvider.System) { LockWait = TimeSpan.Zero };
        try
        {
            return Act(world, transactions);
        }
        catch (StateException busy) when (busy.Problem == StateProblem.Busy)
        {
            return true;
        }
    }

    protected abstract bool Act(CommitWorld world, TransactionManager transactions);
}

/// <summary>It recovers and collects what is displaced: a commit on its way is not its to settle.</summary>
internal sealed class Recoverer(Deed deed, string folder, int point) : Visitor(deed, folder, point)
{
    protected override bool Act(CommitWorld world, TransactionManager transactions)
    {
        transactions.CollectStage(TimeSpan.Zero);
        transactions.Recover();
        return true;
    }

    protected override string? Problem(CommitWorld world, bool done) =>
        Failure is not null ? $"another command's recovery took it away: {Failure.Message}" : done ? Others(world, done, _ => false) : "another command's recovery took it away";
}

/// <summary>It lands something itself, on a file that the deed changes: one of the two has to see that.</summary>
internal sealed class Lander(Deed deed, string folder, int point) : Visitor(deed, folder, point)
{
    private const string Theirs = "theirs";
    private CommitOutcome? outcome;

    protected override bool Act(CommitWorld world, TransactionManager transactions)
    {
        if (Target is not { } target || Directory.Exists(Path.Combine(Code, target.Value))) return false;
        var request = new CommitRequest(new(99), [new("other", world.Change((target.Value, Theirs)))], null, "other");
        outcome = transactions.Commit(request, null, CancellationToken.None);
        return true;
    }

    protected override RepositoryPath? Choose(IReadOnlyList<RepositoryPath> changed) => base.Choose([.. changed.Where(path => path.Parent is null)]);

    protected override string? Problem(CommitWorld world, bool done)
    {
        if (outcome is not CommitOutcome.Committed) return !done && Target is not null && Failure is null && outcome is null ? "two were refused where one had to go" : Others(world, done, _ => false);
        if (done) return "two landed on one file, and neither saw the other";
        var target = Target!.Value;
        if (File.ReadAllText(Path.Combine(Code, target.Value)) != Theirs) return $"'{target}' is not as the other one landed it";
        return Others(world, done, other => other == target || other.IsUnder(target));
    }
}

/// <summary>It settles the deed's commit as discarded, which it may do before the commit point alone: then that is never reached.</summary>
internal sealed class Discarder(Deed deed, string folder, int point) : Visitor(deed, folder, point)
{
    private bool hasDiscarded;

    protected override bool Act(CommitWorld world, TransactionManager transactions)
    {
        var journal = new CommitJournal(world.Database);
        if (journal.Unsettled() is not [{ State: CommitState.Prepared } row]) return false;
        return hasDiscarded = journal.Advance(row, CommitState.Discarded) is not null;
    }

    protected override string? Problem(CommitWorld world, bool done) =>
        done && hasDiscarded ? "it was discarded, and done all the same" : Others(world, done, _ => false);
}
