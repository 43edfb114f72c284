using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>A real file system loses its power at every call that changes something; then at samples of those and of the recovery's.</summary>
/// <param name="type">'ext4' or 'xfs'.</param>
internal sealed class PowerLoss(string type) : StressCase
{
    // A recovery changes things at about so many points.
    private const int PointsOfRecovery = 60;

    public override string Name => "power-" + type;

    public override string What => $"{type} loses its power at every call, and again in the recovery (needs root and mkfs.{type})";

    public override Task RunAsync(StressRun run)
    {
        if (Environment.IsPrivilegedProcess) return run.EachAsync(run.Deeds, (name, place) => LoopDisk.Use(type, Directory.CreateDirectory(place).FullName, disk => Cut(run, disk, name)));
        run.Note("not tried: only root can mount a disk");
        return Task.CompletedTask;
    }

    private static void Cut(StressRun run, LoopDisk disk, string name)
    {
        var (power, random, points, pairs) = (new PowerCut(disk, name), new Random(run.Seed), 0, 0);
        foreach (var (way, flag) in PowerCut.Ways)
        {
            // Of the same calls for each of many files not every one.
            var step = name == "many" ? 13 : 1;
            for (var (point, isOver) = (run.Seed % step, false); !isOver && !run.IsOver; point += step, points++)
            {
                isOver = !Try(run, power, name, way, flag, point, -1);
                for (var more = 0; more < 2 && !run.IsOver; more++, pairs++) Try(run, power, name, way, flag, point, random.Next(PointsOfRecovery));
            }
        }
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {points} points, {pairs} pairs of points"));
    }

    private static bool Try(StressRun run, PowerCut power, string name, string way, uint flag, int first, int second)
    {
        var (died, where, problem) = power.Cut(first, second, flag);
        run.Tried(string.Create(CultureInfo.InvariantCulture, $"{name}, {way}, point {first}{(second < 0 ? "" : $", then {second}")} ({where})"), problem);
        return died;
    }
}
