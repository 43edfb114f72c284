using System.Diagnostics;
using System.Globalization;
using TarsEngine.Worlds;

namespace Tars.Stress.Running;

/// <summary>One case while it runs: its time, its folder, and what it found.</summary>
internal sealed class StressRun(StressOptions options, string name, TimeSpan time, CancellationToken stop) : IDisposable
{
    private const int MostShown = 20;
    private static readonly TimeSpan pause = TimeSpan.FromSeconds(30);
    private readonly long started = Stopwatch.GetTimestamp();
    private long told = Stopwatch.GetTimestamp();
    private readonly TempFolder folder = new(inMemory: true);
    private readonly Lock gate = new();
    private readonly List<string> parts = [];
    private int tried, bad, shown;

    public int Seed => options.Seed;

    /// <summary>In memory where that is possible.</summary>
    public string Folder => folder.Path;

    public int Bad => bad;

    /// <summary>How the names of the planted bugs begin that are asked for; null for all.</summary>
    public string? Bug => options.Bug;

    /// <summary>The names of the deeds to go through.</summary>
    public IEnumerable<string> Deeds => options.Deed is { } only ? [only] : Deed.Names;

    public bool IsOver => (options.UntilBad && bad > 0) || stop.IsCancellationRequested || Stopwatch.GetElapsedTime(started) >= time;

    public string Summary => string.Create(CultureInfo.InvariantCulture,
        $"{name}: {tried} tried, {bad} bad, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s{(Stopwatch.GetElapsedTime(started) >= time ? ", ended by its time" : "")}{string.Concat(parts.Select(part => "\n  " + part))}");

    /// <param name="what">What was done, so that it can be done again.</param>
    /// <param name="problem">What is wrong afterwards; null for nothing.</param>
    public void Tried(string what, string? problem)
    {
        lock (gate)
        {
            tried++;
            if (Stopwatch.GetElapsedTime(told) >= pause)
            {
                told = Stopwatch.GetTimestamp();
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {tried} tried so far, {bad} bad, {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
            }
            if (problem is null) return;
            bad++;
            if (shown++ < MostShown) Console.WriteLine($"BAD  {name}: {what}: {problem}");
        }
    }

    /// <summary>Works on several things at once, each in a folder of its own, until all are done or the time is up.</summary>
    public Task EachAsync(IEnumerable<string> names, Action<string, string> work) => Parallel.ForEachAsync(
        // The one of many files first: it takes as long as several others.
        names.OrderByDescending(name => name == "many"), new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, async (name, _) =>
        {
            if (!IsOver) await Task.Run(() => work(name, Path.Combine(Folder, name)), CancellationToken.None);
        });

    /// <summary>A line for the summary.</summary>
    public void Note(string part)
    {
        lock (gate) parts.Add(part);
    }

    public void Dispose() => folder.Dispose();
}
