using TarsEngine.Rollback;

namespace TarsEngine.Tests.Rollback;

/// <summary>A disk with few pages or inodes left: all-before or all-after, and recovery settles once there is room. 'small-disk' of the stress program tries every shape.</summary>
public sealed class SmallDiskTests : IDisposable
{
    private const string Fine = "fine", Lock = "lock";

    // A disk of its own in a user and a mount namespace of its own: nobody else sees it, and no privilege is needed.
    private static readonly string[] apart = ["unshare", "--user", "--map-root-user", "--mount", "--propagation", "private"];
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    [Theory]
    [InlineData("mixed")]
    [InlineData("rollback all")]
    [InlineData(Lock)]
    public async Task A_full_disk_leaves_all_or_nothing_and_room_settles_it(string name)
    {
        using var child = ChildProcessEntry.Start(apart, "small-disk", temp.Path, name);
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(Fine, await child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal("", await errors);
    }

    /// <summary>In the child.</summary>
    internal static void RunInside(string folder, string name)
    {
        using var disk = new SmallDisk(Path.Combine(folder, "disk"));
        Console.Write((name == Lock ? TakeLock(disk) : Grow(disk, Deed.Make(name, Path.Combine(folder, "deed")))) ?? Fine);
    }

    private static string? Grow(SmallDisk disk, Deed deed)
    {
        foreach (var limit in (Action<int>[])[disk.LeavePages, disk.LeaveInodes])
        {
            for (var (left, enough) = (0, false); !enough; left += 3)
            {
                var amount = left;
                (enough, var problem) = FullDisk.Try(disk, deed.Template, deed, () => limit(amount), world => FullDisk.DoWhole(world, deed), mustBeDone: true);
                if (problem is not null) return $"{left} left: {problem}";
            }
        }
        return null;
    }

    // Without it nothing could be settled; and one that could not be taken whole must not stay taken.
    private static string? TakeLock(SmallDisk disk)
    {
        using var world = new CommitWorld(Path.Combine(disk.Place, "world"));
        world.State.Acquire(TransactionManager.LockName, TimeSpan.Zero).Dispose();
        File.WriteAllText(Path.Combine(world.State.Root, "locks", TransactionManager.LockName + ".lock"), "");
        disk.LeavePages(0);
        for (var i = 0; i < 2; i++)
        {
            using var held = world.State.TryAcquire(TransactionManager.LockName);
            if (held is null) return $"the lock is not free at the {(i == 0 ? "first" : "second")} try";
        }
        return null;
    }
}
