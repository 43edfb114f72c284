using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds.Rotting;

namespace Tars.Stress.Cases;

/// <summary>
/// Bits flip and files end early: all of them in what lies outside of the codebase, and as many as there is time for in the state database,
/// its log and its index, one after the other in an order that the seed chooses.
/// </summary>
internal sealed class Rot : StressCase
{
    // Consecutive ones lie far apart, and as a prime it meets each place once.
    private const long Stride = 1_000_003;

    public override string Name => "rot";

    public override string What => "flipped bits and cut files in the state database and the audit trail";

    public override Task RunAsync(StressRun run)
    {
        var world = new RotWorld(run.Folder);
        var samples = Enumerable.Range(0, Math.Max(1, Environment.ProcessorCount - 1)).Select(thread => Task.Run(() => Samples(run, world, thread, Math.Max(1, Environment.ProcessorCount - 1))));
        return Task.WhenAll([Task.Run(() => world.Small.ToList().ForEach(file => Everything(run, world, file))), .. samples]);
    }

    private static void Everything(StressRun run, RotWorld world, string file)
    {
        var tally = new RotTally();
        var size = world.SizeOf(file);
        for (var bit = 0L; bit < size * 8 && !run.IsOver; bit++) Tried(run, tally, world.Flip(file, bit, "all"), file, "bit", bit);
        for (var length = 0L; length < size && !run.IsOver; length++) Tried(run, tally, world.Cut(file, length, "all"), file, "cut at", length);
        run.Note($"{Shown(file)}: {tally}");
    }

    private static void Samples(StressRun run, RotWorld world, int thread, int threads)
    {
        var tallies = world.Large.ToDictionary(file => file, _ => new RotTally(), StringComparer.Ordinal);
        var room = string.Create(CultureInfo.InvariantCulture, $"room-{thread}");
        for (var i = (long)thread; !run.IsOver; i += threads)
        {
            foreach (var file in world.Large)
            {
                var size = world.SizeOf(file);
                var at = (run.Seed + i) * Stride;
                if (i < size * 8) Tried(run, tallies[file], world.Flip(file, at % (size * 8), room), file, "bit", at % (size * 8));
                if (i < size) Tried(run, tallies[file], world.Cut(file, at % size, room), file, "cut at", at % size);
            }
        }
        foreach (var (file, tally) in tallies) run.Note(string.Create(CultureInfo.InvariantCulture, $"{Shown(file)} ({world.SizeOf(file)} bytes), thread {thread}: {tally}"));
    }

    private static void Tried(StressRun run, RotTally tally, RotVerdict verdict, string file, string what, long at)
    {
        tally.Add(verdict.Kind);
        run.Tried(string.Create(CultureInfo.InvariantCulture, $"{Shown(file)}, {what} {at}"), verdict.Kind == RotKind.Bad ? verdict.Words : null);
    }

    private static string Shown(string file) => Path.GetFileName(file);
}

/// <summary>How often each verdict was found.</summary>
internal sealed class RotTally
{
    private readonly int[] counts = new int[Enum.GetValues<RotKind>().Length];

    public void Add(RotKind kind) => counts[(int)kind]++;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{counts[(int)RotKind.Refused]} refused with an error, {counts[(int)RotKind.Audited]} told by the audit, {counts[(int)RotKind.Harmless]} changed no answer, {counts[(int)RotKind.Bad]} bad");
}
