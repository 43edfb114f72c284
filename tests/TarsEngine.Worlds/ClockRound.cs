using TarsEngine.Rollback;

namespace TarsEngine.Worlds;

/// <summary>A deed, its recovery, its rollback and the collection of what it displaced, while the clock jumps by up to a year at every look at it.</summary>
internal static class ClockRound
{
    private static readonly TimeSpan day = TimeSpan.FromDays(1);

    /// <returns>What is wrong; null when nothing is.</returns>
    public static string? Problem(Deed deed, string folder, int seed)
    {
        var random = new Random(seed);
        Deed.Copy(deed.Template, folder);
        var killer = new Killer(random.Next(3) == 0 ? -1 : random.Next(300), onlyMutating: true);
        var died = false;
        try
        {
            using var world = new CommitWorld(folder, killer, new JumpingClock(seed));
            deed.Act(world);
        }
        catch (KilledException)
        {
            died = true;
        }
        return Next(deed, folder, seed + 1, mustBeDone: !died) ?? Later(folder);
    }

    private static string? Next(Deed deed, string folder, int seed, bool mustBeDone)
    {
        using var world = new CommitWorld(folder, null, new JumpingClock(seed));
        world.Transactions.Recover();
        var isDone = world.Scan().SequenceEqual(deed.After);
        if (!isDone && (mustBeDone || !world.Scan().SequenceEqual(deed.Before))) return "neither before nor after";
        // It may forget whatever is old by this clock, but no backup.
        world.Transactions.CollectStage(day);
        if (Shape.All.All(shape => shape.Name != deed.Name) || world.Transactions.List() is not [.., var newest]) return null;
        if (world.RollBack(new RollbackScope.All()) is not RollbackOutcome.RolledBack and var other) return $"after {newest.Id}, which is {newest.State}, a rollback ended as {other}";
        return world.Scan().SequenceEqual(deed.Before) ? null : "the rollback did not bring back what was there";
    }

    // By then all that was noted in any of those years is past.
    private static string? Later(string folder)
    {
        using var world = new CommitWorld(folder, null, new LaterClock());
        if (!world.Transactions.Recover().IsEmpty) return "recovery is not done after once";
        if (world.Transactions.List().Zip(world.Transactions.List().Skip(1)).Any(pair => pair.First.Id.Number >= pair.Second.Id.Number)) return "the transactions are out of order";
        if (world.Audit.Verify() is { IsIntact: false } trail) return $"the audit trail: {string.Join("; ", trail.Problems)}";
        return Aftermath.LeftInStage(world, day);
    }

    private sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddYears(3);
    }
}
