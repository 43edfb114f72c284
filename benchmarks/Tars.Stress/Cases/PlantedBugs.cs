using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Tars.Stress.Planted;
using Tars.Stress.Running;

namespace Tars.Stress.Cases;

/// <summary>The other cases, put to the test: one fault after the other is planted into a copy of the sources, and must be caught.</summary>
internal sealed class PlantedBugs : StressCase
{
    private const int Minutes = 2;
    private static readonly TimeSpan longest = TimeSpan.FromMinutes(Minutes + 2);

    public override string Name => "planted";

    public override string What => "one fault after the other is planted into a copy of the sources: the other cases must catch each";

    public override Task RunAsync(StressRun run)
    {
        var repository = Repository();
        var bugs = PlantedBug.All(PlantedEngine.PatchesOf(repository)).Where(bug => run.Bug is null || bug.Name.StartsWith(run.Bug, StringComparison.Ordinal)).ToList();
        var engines = new ConcurrentBag<PlantedEngine>(Enumerable.Range(0, Math.Min(bugs.Count, Environment.ProcessorCount)).Select(i => new PlantedEngine(repository, Path.Combine(run.Folder, $"engine-{i}"))));
        // One that is bad without any fault would seem to catch them all.
        AtOnce(run, engines, bugs.Select(bug => (bug.Case, bug.Deed)).Distinct(), (engine, one) =>
            run.Tried($"{one.Case}{(one.Deed is null ? "" : $", {one.Deed}")}, without a fault", Try(run, engine, one.Case, one.Deed) is { Code: 0 } ? null : "it is bad already: what it catches proves nothing"));
        AtOnce(run, engines, bugs, (engine, bug) => Catch(run, engine, bug));
        return Task.CompletedTask;
    }

    private static void AtOnce<T>(StressRun run, ConcurrentBag<PlantedEngine> engines, IEnumerable<T> all, Action<PlantedEngine, T> work) => Parallel.ForEach(
        Partitioner.Create(all, EnumerablePartitionerOptions.NoBuffering), new ParallelOptions { MaxDegreeOfParallelism = engines.Count }, one =>
        {
            if (run.IsOver || !engines.TryTake(out var engine)) return;
            work(engine, one);
            engines.Add(engine);
        });

    private static void Catch(StressRun run, PlantedEngine engine, PlantedBug bug)
    {
        try
        {
            engine.Plant(bug);
        }
        catch (InvalidOperationException failed)
        {
            run.Tried(bug.ToString(), failed.Message);
            return;
        }
        var started = Stopwatch.GetTimestamp();
        var (code, lines) = Try(run, engine, bug.Case, bug.Deed);
        var caught = lines.FirstOrDefault(line => line.StartsWith("BAD  ", StringComparison.Ordinal));
        var tried = lines.FirstOrDefault(line => line.Contains(" tried, ", StringComparison.Ordinal))?.Split(' ') is [_, var count, ..] ? count : "?";
        if (code == 1 && caught is not null)
        {
            // At once, and not in the summary: this case takes long.
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bug.Name}: caught at try {tried}, {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s: {caught[5..Math.Min(caught.Length, 160)]}"));
            run.Tried(bug.Name, null);
            return;
        }
        var how = code switch { null => "it hangs", 0 => $"it survives {tried} tries", _ => $"it ends with {code}: {string.Join("\n  ", lines.Take(20))}" };
        run.Tried(bug.ToString(), $"{how} of '{bug.Case}'{(bug.Deed is null ? "" : $" with '{bug.Deed}'")}");
    }

    private static (int? Code, IReadOnlyList<string> Lines) Try(StressRun run, PlantedEngine engine, string name, string? deed) => engine.Run(longest,
        ["--until-bad", "--minutes", Minutes.ToString(CultureInfo.InvariantCulture), "--seed", run.Seed.ToString(CultureInfo.InvariantCulture), .. deed is null ? (string[])[] : ["--deed", deed], name]);

    // Built in its folder of the repository.
    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Tars.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The sources are not above this program: faults are planted into a copy of them.");
        return folder;
    }
}
