using System.Text;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Rollback;

/// <summary>Bits flip in an index of the state database: SQLite's quick check does not compare an index with its table.</summary>
public sealed class DamagedIndexTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Fact]
    public void A_commit_that_an_index_has_lost_is_settled_all_the_same_or_the_damage_is_said()
    {
        var (alive, dead) = (temp.File("alive"), temp.File("dead"));
        using (var world = new CommitWorld(alive)) Shape.Named("mixed").Before(world.Code);
        var moves = 0;
        try
        {
            using var world = new CommitWorld(alive, new Killer(-1, onlyMutating: true, call =>
            {
                if (call.Operation == "rename-exchange" && moves++ == 1) throw new KilledException();
            }));
            world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2")));
        }
        catch (KilledException)
        {
            // Half done; what the log held is in the file itself by now.
        }
        var file = Path.Combine(alive, "code/.tars/state.db");
        var bytes = File.ReadAllBytes(file);
        var word = Encoding.ASCII.GetBytes(nameof(CommitState.Committed));
        var tried = 0;
        for (var at = 0; at + word.Length <= bytes.Length; at++)
        {
            if (!bytes.AsSpan(at, word.Length).SequenceEqual(word)) continue;
            for (var bit = 0; bit < 8 * word.Length; bit++)
            {
                Deed.CopyAlive(alive, dead);
                var rotten = (byte[])bytes.Clone();
                rotten[at + bit / 8] ^= (byte)(1 << (bit % 8));
                File.WriteAllBytes(Path.Combine(dead, "code/.tars/state.db"), rotten);
                tried++;
                try
                {
                    using var world = new CommitWorld(dead);
                    world.Transactions.Recover();
                    Assert.Equal(["A2", "B2"], [File.ReadAllText(world.At("a.txt")), File.ReadAllText(world.At("b.txt"))]);
                }
                catch (StateException said)
                {
                    Assert.Equal(StateProblem.Corrupt, said.Problem);
                }
                catch (RecoveryNeededException said)
                {
                    Assert.Equal(StateProblem.Corrupt, Assert.IsType<StateException>(said.InnerException).Problem);
                }
            }
        }
        Assert.True(tried > 8 * word.Length, $"{tried} bits");
    }
}
