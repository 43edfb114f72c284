using TarsEngine.Rollback;

namespace TarsEngine.Tests.Rollback;

/// <summary>A commit that was half done when the machine died, and a log of the state database whose last words are damaged: SQLite drops them without a word.</summary>
public sealed class LostJournalTests : IDisposable
{
    private const int Header = 32, Frame = 4096 + 24;
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void A_half_done_commit_whose_journal_is_lost_is_said_and_nothing_of_it_is_deleted(int frame)
    {
        var (alive, dead) = (temp.File("alive"), temp.File("dead"));
        using (var world = new CommitWorld(alive)) Shape.Named("mixed").Before(world.Code);
        var moves = 0;
        using (var world = new CommitWorld(alive, new Killer(-1, onlyMutating: true, call =>
        {
            if (call.Operation == "rename-exchange" && moves++ == 1) Deed.CopyAlive(alive, dead);
        })))
        {
            Assert.IsType<CommitOutcome.Committed>(world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2"))));
        }
        var log = Path.Combine(dead, "code/.tars/state.db-wal");
        var bytes = File.ReadAllBytes(log);
        var damaged = frame >= 0 ? frame : (bytes.Length - Header) / Frame - 1;
        bytes[Header + damaged * Frame + 100] ^= 1;
        File.WriteAllBytes(log, bytes);

        using var next = new CommitWorld(dead);
        var before = next.Scan();
        var displaced = Displaced(next);
        var error = Assert.Throws<RecoveryNeededException>(() => next.Transactions.Recover());
        Assert.Contains("journal is lost", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, next.Scan());
        Assert.Equal(displaced, Displaced(next));
        Assert.Contains("A", displaced);

        // What it tells to do is enough.
        foreach (var stage in Directory.GetDirectories(next.State.Stage)) Directory.Move(stage, temp.File("moved away"));
        next.Transactions.Recover();
        Assert.IsType<CommitOutcome.Committed>(next.Commit(next.Change(("sub/c.txt", "C2"))));
    }

    private static List<string> Displaced(CommitWorld world) =>
        [.. Directory.EnumerateFiles(world.State.Stage, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText)];
}
