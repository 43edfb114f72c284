using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds;

/// <summary>A deed, or the recovery of one that was cut short, on a disk that has only so much left.</summary>
internal static class FullDisk
{
    /// <param name="template">The world in which it happens.</param>
    /// <param name="limit">Fills the disk.</param>
    /// <returns>Whether it came to its end, and what is wrong once there is room again.</returns>
    public static (bool Done, string? Problem) Try(SmallDisk disk, string template, Deed deed, Action limit, Action<CommitWorld> act, bool mustBeDone)
    {
        var folder = Deed.Copy(template, Path.Combine(disk.Place, "world"));
        limit();
        try
        {
            var (done, problem) = Act(folder, act);
            // Still full: nobody may be told less than the truth, and nothing may be lost.
            if (!done && problem is null) problem = Act(folder, world => world.Transactions.Recover()).Problem;
            disk.Free();
            return (done, problem ?? Aftermath.Problem(folder, deed, mustBeDone && done, mayBeUndone: true));
        }
        finally
        {
            disk.Free();
        }
    }

    /// <summary>Does it; that it was refused is said by a <see cref="NotDoneException"/>.</summary>
    public static void DoWhole(CommitWorld world, Deed deed)
    {
        var before = world.Transactions.List().Count;
        try
        {
            deed.Act(world);
        }
        catch (InvalidOperationException refused)
        {
            throw new NotDoneException(refused.Message);
        }
        if (deed.Before.SequenceEqual(deed.After)) return;
        var all = world.Transactions.List();
        if (all.Count == before || all[^1].State != CommitState.Applied) throw new NotDoneException($"'{deed.Name}' was refused.");
    }

    private static (bool Done, string? Problem) Act(string folder, Action<CommitWorld> act)
    {
        try
        {
            using var world = new CommitWorld(folder);
            act(world);
            return (true, null);
        }
        catch (Exception told) when (told is RecoveryNeededException or StateException or FileSystemException or NotDoneException)
        {
            return (false, null);
        }
        catch (Exception other)
        {
            return (false, other.ToString());
        }
    }
}

/// <summary>A deed was refused, in so many words.</summary>
internal sealed class NotDoneException(string message) : Exception(message);
