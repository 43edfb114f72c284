namespace TarsEngine.Worlds;

/// <summary>
/// A <see cref="Deed"/> on a real file system that loses its power: the kernel drops what it had not written, the file system is mounted
/// again, and the next process finds what a disk would have kept.
/// </summary>
/// <param name="name">The deed's.</param>
internal sealed class PowerCut(LoopDisk disk, string name)
{
    /// <summary>How the power goes.</summary>
    public static readonly IReadOnlyList<(string Name, uint Flag)> Ways = [("with the log flushed", 1), ("without", 2)];

    private readonly Deed deed = Prepare(disk, name);

    /// <summary>Cuts the power at one point, and at another one in the recovery.</summary>
    /// <param name="second">Negative for no second cut.</param>
    /// <returns>Whether the power went before the end; where; and what is wrong afterwards, null when nothing is.</returns>
    public (bool Died, string Where, string? Problem) Cut(int first, int second, uint flag)
    {
        disk.Restore();
        var (died, where) = CutIn(first, flag, deed.Act);
        if (second >= 0) where += ", then " + CutIn(second, flag, world => world.Transactions.Recover()).Where;
        disk.Mount();
        var problem = Aftermath.Problem(deed.Template, deed, mustBeDone: !died);
        disk.Unmount();
        return (died, where, problem);
    }

    private (bool Died, string Where) CutIn(int point, uint flag, Action<CommitWorld> act)
    {
        disk.Mount();
        var killer = new Killer(point, onlyMutating: true, atDeath: () => disk.CutPower(flag));
        var died = Killer.Die(deed.Template, killer, act);
        if (!died) disk.CutPower(flag);
        disk.Unmount();
        return (died, killer.Where);
    }

    private static Deed Prepare(LoopDisk disk, string name)
    {
        disk.Format();
        disk.Mount();
        var made = Deed.Make(name, Path.Combine(disk.Place, "world"));
        // What was there before the power went is on the disk, as a codebase is that lay there since yesterday.
        disk.Unmount();
        disk.Remember();
        return made;
    }
}
