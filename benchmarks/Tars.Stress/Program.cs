using Tars.Stress.Cases;
using Tars.Stress.Running;

namespace Tars.Stress;

internal static class Program
{
    private static readonly StressCase[] all =
    [
        new CrashPoints(), new FailingCalls(), new SeamCase(), new OutsideKills(), new SyncOrder(), new PromisesCase(), new Forgery(), new MeddlingCase(),
        new Races(), new Clocks(), new SmallDisks(), new Rot(), new ModelCase(isWholeJourney: false), new ModelCase(isWholeJourney: true),
        new PowerLoss("ext4"), new PowerLoss("xfs"), new PlantedBugs(),
    ];

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [Races.RaceCommand, .. var racer]) return Races.Run(racer);
        if (StressOptions.Parse(arguments, [.. all.Select(one => one.Name)], out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync(problem is null ? "" : $"stress: {problem}\n");
            await Console.Error.WriteLineAsync(StressOptions.Usage + string.Concat(all.Select(one => $"\n  {one.Name,-12} {one.What}")));
            return problem is null ? 0 : 2;
        }
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        Console.WriteLine($"seed {options.Seed}");
        var cases = all.Where(one => options.Cases.Count == 0 || options.Cases.Contains(one.Name)).ToList();
        var bad = 0;
        for (var i = 0; i < cases.Count && !stop.IsCancellationRequested; i++)
        {
            // What a case leaves of its time is the next one's.
            using var run = new StressRun(options, cases[i].Name, options.TimeFor(cases.Count - i), stop.Token);
            await cases[i].RunAsync(run);
            Console.WriteLine(run.Summary);
            bad += run.Bad;
        }
        return bad > 0 ? 1 : stop.IsCancellationRequested ? 130 : 0;
    }
}
