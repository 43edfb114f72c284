using TarsEngine.Files;
using TarsEngine.Rollback;

namespace TarsEngine.Tests.Audit;

/// <summary>The first entry holds only when its key does: every folder on the way to it is durable before the transaction is.</summary>
public sealed class AuditKeySurvivesPowerLossTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);

    public void Dispose() => temp.Dispose();

    [Fact]
    public void Every_folder_that_is_made_for_the_key_is_synced_into_the_one_above_it_before_the_entry_is_committed()
    {
        var calls = new List<SeamCall>();
        using (var world = new CommitWorld(temp.Path, new Recorder(calls)))
        {
            Shape.Named("create").Before(world.Code);
            Assert.IsType<CommitOutcome.Committed>(world.Commit(world.Change(("a.txt", "A2"))));
        }
        var commit = calls.FindLastIndex(call => call.Operation == "commit");
        var made = calls.Index().Where(one => one.Item.Operation == "mkdir" && one.Item.Target.StartsWith(temp.File("user/"), StringComparison.Ordinal)).ToList();
        Assert.Equal(2, made.Count);
        Assert.All(made, one => Assert.Contains(new("fsync-directory", Path.GetDirectoryName(one.Item.Target)!, true), calls[one.Index..commit]));
    }

    private sealed class Recorder(List<SeamCall> calls) : ISeamObserver
    {
        public void Before(SeamCall call)
        {
        }

        public void After(SeamCall call) => calls.Add(call);
    }
}
