using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>A landing, a rollback and a recovery on a disk that has 0, 1, 2, … pages or inodes left, until there is enough.</summary>
internal sealed class SmallDisks : StressCase
{
    private const int Cuts = 8;

    public override string Name => "small-disk";

    public override string What => "a disk in memory with few pages or inodes left, from none up (needs root)";

    public override Task RunAsync(StressRun run)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            run.Note("not tried: only root can mount a disk");
            return Task.CompletedTask;
        }
        using var disk = new SmallDisk(Path.Combine(run.Folder, "disk"));
        foreach (var name in Deed.Names.OrderBy(name => name == "many").TakeWhile(_ => !run.IsOver))
        {
            var deed = Deed.Make(name, Path.Combine(run.Folder, name));
            var done = Grow(run, disk, deed, deed.Template, name, world => FullDisk.DoWhole(world, deed), mustBeDone: true);
            var recovered = 0;
            foreach (var half in Halves(run, deed))
                recovered += Grow(run, disk, deed, half, name + ", recovery", world => world.Transactions.Recover(), mustBeDone: false);
            run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {done} amounts, {recovered} in the recovery"));
        }
        return Task.CompletedTask;
    }

    private static int Grow(StressRun run, SmallDisk disk, Deed deed, string template, string what, Action<CommitWorld> act, bool mustBeDone)
    {
        var tried = 0;
        foreach (var (unit, limit) in ((string, Action<int>)[])[("pages", disk.LeavePages), ("inodes", disk.LeaveInodes)])
        {
            // Enough once is not enough: the next ones may take another way.
            for (var (left, enough) = (0, 0); enough < 3 && !run.IsOver; left++, tried++)
            {
                var amount = left;
                var (done, problem) = FullDisk.Try(disk, template, deed, () => limit(amount), act, mustBeDone);
                run.Tried(string.Create(CultureInfo.InvariantCulture, $"{what}, {left} {unit} left"), problem);
                if (done) enough++;
            }
        }
        return tried;
    }

    /// <summary>Worlds in which the deed was cut short, at places that are spread over it.</summary>
    private static IEnumerable<string> Halves(StressRun run, Deed deed)
    {
        var half = Path.Combine(run.Folder, "half");
        var counter = new Killer(-1, onlyMutating: true);
        Killer.Die(Deed.Copy(deed.Template, half), counter, deed.Act);
        for (var cut = 1; cut <= Cuts && !run.IsOver; cut++)
        {
            Killer.Die(Deed.Copy(deed.Template, half), new Killer(counter.Calls * 2 * cut / (Cuts + 1), onlyMutating: true), deed.Act);
            yield return half;
        }
    }
}
