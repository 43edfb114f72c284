using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds;

/// <summary>A <see cref="Deed"/>, or the recovery of one that died, on a disk that fails: its word holds, and without faults all is settled.</summary>
internal static class FailingDeed
{
    /// <returns>Where the fault struck, empty when it never did; and what is wrong afterwards, null when nothing is.</returns>
    public static (string Where, string? Problem) Try(string folder, Deed deed, DiskFault fault, int at) =>
        Try(Deed.Copy(deed.Template, folder), deed, new FailingDisk(fault, at), world => deed.Try(world));

    /// <param name="half">A world in which the deed died.</param>
    /// <inheritdoc cref="Try(string, Deed, DiskFault, int)"/>
    public static (string Where, string? Problem) TryRecovery(string half, string folder, Deed deed, DiskFault fault, int at) =>
        Try(Deed.Copy(half, folder), deed, new FailingDisk(fault, at), world =>
        {
            world.Transactions.Recover();
            return null;
        });

    private static (string Where, string? Problem) Try(string folder, Deed deed, FailingDisk disk, Func<CommitWorld, bool?> act)
    {
        bool? word = null;
        try
        {
            using var world = new CommitWorld(folder, disk);
            disk.IsArmed = true;
            word = act(world);
            disk.IsArmed = false;
            if (word == false && !world.Scan().SequenceEqual(deed.Before)) return (disk.Where, "it says that all is as it was, and it is not");
        }
        catch (Exception expected) when (disk.Where.Length > 0 && expected is RecoveryNeededException or StateException or FileSystemException)
        {
            // Refused, or the next command has to settle it: which of them, the engine's own tests say.
        }
        catch (Exception other)
        {
            return (disk.Where, other.ToString());
        }
        return (disk.Where, Aftermath.Problem(folder, deed, mustBeDone: word == true, mayBeUndone: true));
    }
}
