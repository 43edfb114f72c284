using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>A kill before and after every call through both seams, and at every second one again in the recovery.</summary>
internal sealed class CrashPoints : StressCase
{
    public override string Name => "crash";

    public override string What => "the process dies at every call to disk or database, and again in the recovery";

    public override Task RunAsync(StressRun run) => run.EachAsync(run.Deeds, (name, place) =>
    {
        var deed = Deed.Make(name, Path.Combine(place, "deed"));
        var singles = Kill(run, deed, Path.Combine(place, "try"));
        var doubles = KillTwice(run, deed, singles, place);
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {singles} points, {doubles} in the recovery of one"));
    });

    private static int Kill(StressRun run, Deed deed, string folder)
    {
        for (var point = 0; !run.IsOver; point++)
        {
            var killer = new Killer(point, onlyMutating: false);
            var died = Killer.Die(Deed.Copy(deed.Template, folder), killer, deed.Act);
            run.Tried($"{deed.Name}, point {point} ({killer.Where})", Aftermath.Problem(folder, deed, mustBeDone: !died));
            if (!died) return point + 1;
        }
        return 0;
    }

    private static int KillTwice(StressRun run, Deed deed, int points, string place)
    {
        var (half, twice, tried) = (Path.Combine(place, "half"), Path.Combine(place, "twice"), 0);
        // Every first death, a second one at a place that moves on with the first: over all of them every place of the recovery is met.
        var step = Math.Max(1, points / 400);
        for (var first = 0; first < points && !run.IsOver; first += step)
        {
            Killer.Die(Deed.Copy(deed.Template, half), new Killer(first, onlyMutating: false), deed.Act);
            var counter = new Killer(-1, onlyMutating: true);
            Killer.Die(Deed.Copy(half, twice), counter, world => world.Transactions.Recover());
            if (counter.Calls == 0) continue;
            for (var second = first % 7; second < counter.Calls * 2 && !run.IsOver; second += 7, tried++)
            {
                var killer = new Killer(second, onlyMutating: true);
                Killer.Die(Deed.Copy(half, twice), killer, world => world.Transactions.Recover());
                run.Tried($"{deed.Name}, point {first}, then in the recovery point {second} ({killer.Where})", Aftermath.Problem(twice, deed));
            }
        }
        return tried;
    }
}
