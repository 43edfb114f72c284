using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Rollback;

public sealed class TransactionManagerTests : IDisposable
{
    private readonly TempFolder temp = new();
    private readonly CommitWorld world;

    public TransactionManagerTests()
    {
        world = new(temp.Path);
        Shape.Named("create").Before(world.Code);
    }

    public void Dispose()
    {
        world.Dispose();
        temp.Dispose();
    }

    [Fact]
    public void A_tree_that_moved_since_it_was_validated_is_not_touched()
    {
        var change = world.Change(("a.txt", "A2"));
        var validated = world.Snapshot();
        File.WriteAllText(world.At("unrelated.txt"), "new");
        var before = world.Scan();
        var outcome = world.Transactions.Commit(new(CommitWorld.Context, [new("main", change)], validated.Hash, "tester"), world.Snapshot, TestContext.Current.CancellationToken);
        Assert.Equal(world.Snapshot().Hash, Assert.IsType<CommitOutcome.TreeMoved>(outcome).Found);
        Assert.Equal(before, world.Scan());
        Assert.Empty(world.Transactions.List());
        Assert.Empty(Directory.EnumerateFileSystemEntries(world.State.Stage));
    }

    [Fact]
    public void All_conflicts_are_told_at_once_with_what_was_expected_and_found()
    {
        var change = world.Change(("a.txt", "A2"), ("b.txt", null), ("n.txt", "n"), ("sub/c.txt", "C2"));
        File.WriteAllText(world.At("a.txt"), "edited");
        File.Delete(world.At("b.txt"));
        File.WriteAllText(world.At("n.txt"), "theirs");
        var conflicts = Assert.IsType<CommitOutcome.Conflicted>(world.Commit(change)).Conflicts;
        Assert.Equal(["a.txt", "b.txt", "n.txt"], conflicts.Select(c => c.Path.Value));
        Assert.Equal(ContentHash.Of("A"u8), conflicts[0].Expected!.Hash);
        Assert.Equal(ContentHash.Of("edited"u8), conflicts[0].Found!.Hash);
        Assert.Equal("C", File.ReadAllText(world.At("sub/c.txt")));
    }

    [Fact]
    public void Cancelled_before_the_commit_point_nothing_is_left()
    {
        var change = world.Change(("a.txt", "A2"));
        var before = world.Scan();
        using var cancel = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() => world.Transactions.Commit(
            new(CommitWorld.Context, [new("main", change)], world.Snapshot().Hash, "tester"), () =>
            {
                cancel.Cancel();
                return world.Snapshot();
            }, cancel.Token));
        Assert.Equal(before, world.Scan());
        Assert.Empty(Directory.EnumerateFileSystemEntries(world.State.Stage));
        Assert.IsType<CommitOutcome.Committed>(world.Commit(change));
    }

    [Fact]
    public void A_content_that_is_damaged_in_the_store_never_lands()
    {
        var change = world.Change(("a.txt", "A2"));
        var hex = change[0].After!.Hash.Hex;
        var stored = Path.Combine(world.State.Objects, hex[..2], hex[2..]);
        File.Delete(stored);
        File.WriteAllText(stored, "A3");
        Assert.Throws<ObjectCorruptException>(() => world.Commit(change));
        Assert.Equal("A", File.ReadAllText(world.At("a.txt")));
        Assert.True(world.Transactions.Recover().IsEmpty);
    }

    [Fact]
    public void Displaced_files_are_collected_once_nobody_writes_to_them()
    {
        // An editor that keeps its file open over the commit, and writes to it afterwards.
        var editor = new FileStream(world.At("a.txt"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        Assert.IsType<CommitOutcome.Committed>(world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2"))));
        Assert.Equal(0, world.Transactions.CollectStage(TimeSpan.FromDays(1)).Removed);
        var collected = world.Transactions.CollectStage(TimeSpan.Zero);
        Assert.Equal(1, collected.Removed);
        Assert.Contains("open for writing", Assert.Single(collected.Kept).Reason, StringComparison.Ordinal);
        editor.Write("late save"u8);
        editor.Dispose();
        var kept = Assert.Single(world.Transactions.CollectStage(TimeSpan.Zero).Kept);
        Assert.Contains("changed", kept.Reason, StringComparison.Ordinal);
        Assert.Equal("late save", File.ReadAllText(kept.KeptAt));
    }

    [Fact]
    public void A_journal_row_that_was_tampered_with_stops_everything_that_would_believe_it()
    {
        world.Commit(world.Change(("a.txt", "A2")));
        world.Database.Write("tamper", tx => tx.Execute("UPDATE transactions SET changes = '[]'"));
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => world.RollBack(new RollbackScope.All())).Problem);
        world.Database.Write("tamper", tx => tx.Execute("UPDATE commits SET state = 'Committed'"));
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => world.Transactions.Recover()).Problem);
        Assert.Equal("A2", File.ReadAllText(world.At("a.txt")));
    }

    [Fact]
    public async Task Two_processes_at_once_lose_no_update()
    {
        const int rounds = 25;
        File.WriteAllText(world.At("counter"), "0");
        await Task.WhenAll(Task.Run(Count, TestContext.Current.CancellationToken), Task.Run(Count, TestContext.Current.CancellationToken));
        Assert.Equal((rounds * 2).ToString(CultureInfo.InvariantCulture), await File.ReadAllTextAsync(world.At("counter"), TestContext.Current.CancellationToken));
        Assert.Equal(rounds * 2, world.Transactions.List().Count(t => t.State == CommitState.Applied));
        Assert.True(world.Audit.Verify().IsIntact);

        void Count()
        {
            using var mine = new CommitWorld(temp.Path);
            for (var done = 0; done < rounds;)
            {
                var now = File.ReadAllText(mine.At("counter"));
                var next = (int.Parse(now, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
                var path = RepositoryPath.Parse("counter");
                FileState State(string text) => new(EntryKind.File, 0b110_100_100, mine.Objects.Put(System.Text.Encoding.ASCII.GetBytes(text)), text.Length);
                var change = new ChangeSet([new(path, State(now), State(next))]);
                var outcome = mine.Transactions.Commit(new(CommitWorld.Context, [new("count", change)], null, "tester"), null, TestContext.Current.CancellationToken);
                if (outcome is CommitOutcome.Committed) done++;
                else Assert.IsType<CommitOutcome.Conflicted>(outcome);
            }
        }
    }
}
