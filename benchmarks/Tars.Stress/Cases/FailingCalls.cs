using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Every call that changes disk or database fails, in every way that a disk knows; and so do those of the recovery of one that died.</summary>
internal sealed class FailingCalls : StressCase
{
    public override string Name => "errors";

    public override string What => "every call that changes something fails, in the deed or in the recovery: EIO, ENOSPC, EDQUOT, EACCES, EROFS, EMFILE, EINTR, short writes";

    public override Task RunAsync(StressRun run) => run.EachAsync(run.Deeds, (name, place) =>
    {
        var deed = Deed.Make(name, Path.Combine(place, "deed"));
        var once = Fail(run, deed, Path.Combine(place, "try"));
        var twice = FailRecovery(run, deed, place);
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {once} failing calls, {twice} in the recovery of one that died"));
    });

    private static int Fail(StressRun run, Deed deed, string folder)
    {
        var tried = 0;
        for (var i = 0; i < DiskFault.All.Count; i++)
        {
            // Of the same calls for each of many files not every one: which, moves on with the fault.
            var step = Step(deed);
            for (var at = (run.Seed + i) % step; !run.IsOver; at += step, tried++)
            {
                var (where, problem) = FailingDeed.Try(folder, deed, DiskFault.All[i], at);
                run.Tried($"{deed.Name}, {DiskFault.All[i]} at {at} ({where})", problem);
                if (where.Length == 0) break;
            }
        }
        return tried;
    }

    private static int FailRecovery(StressRun run, Deed deed, string place)
    {
        var (half, folder, tried) = (Path.Combine(place, "half"), Path.Combine(place, "twice"), 0);
        for (var first = 0; !run.IsOver; first += Step(deed))
        {
            var died = Killer.Die(Deed.Copy(deed.Template, half), new Killer(first, onlyMutating: true), deed.Act);
            if (!died) break;
            // The fault and its place move on with the first death: over all of them every fault meets every place of the recovery.
            for (var (at, fault) = (first % 5, first); !run.IsOver; at += 5, fault += 7, tried++)
            {
                var one = DiskFault.All[fault % DiskFault.All.Count];
                var (where, problem) = FailingDeed.TryRecovery(half, folder, deed, one, at);
                run.Tried($"{deed.Name}, died at {first}, then in the recovery {one} at {at} ({where})", problem);
                if (where.Length == 0) break;
            }
        }
        return tried;
    }

    private static int Step(Deed deed) => deed.Name == "many" ? 41 : 1;
}
