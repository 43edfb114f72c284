using TarsAutonomy.Sessions;

namespace TarsAutonomy.Tests.NightShift;

public sealed class DirtyTreeTests
{
    [Fact]
    public async Task A_whole_night_leaves_a_dirty_tree_with_a_rebase_in_progress_bit_identical()
    {
        using var world = new NightWorld("  max-attempts: 2").Agent("one", NightWorld.Good("one")).Agent("bad", "exit 1").Agent("two", NightWorld.Good("two"))
            .Task("task_1", "one adds a function").Task("task_2", "bad work").Task("task_3", "two adds a function").Commit();
        var repository = world.Repository;
        repository.Write("parked.md", "parked");
        repository.Git("add", "parked.md");
        repository.Git("stash", "push", "-q");
        repository.LeaveRebaseInProgress("src/base.sh", "base() { echo base; } # topic\n", "base() { echo base; } # main\n");
        repository.Write("README.md", "staged\n");
        repository.Git("add", "README.md");
        repository.Write("README.md", "staged, and edited again\n");
        repository.Write("run-tests.sh", "exit 1 # an edit that must not count\n");
        repository.Write("untracked.txt", "mine");
        repository.Write("noise.log", "ignored");
        var before = world.Picture();
        var session = await world.RunAsync();
        Assert.Equal([TaskOutcome.Landed, TaskOutcome.Failed, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
        Assert.Equal(before, world.Picture());
    }
}
