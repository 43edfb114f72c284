using System.Globalization;
using Tars.Benchmarks.Measuring;
using Tars.Benchmarks.Showing;

namespace Tars.Benchmarks;

/// <summary>Runs benchmark cases and says what they took. docs/benchmarks.md tells how to repeat a figure.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (BenchOptions.Parse(arguments, out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync(problem is null ? BenchOptions.Usage : $"bench: {problem}\n{BenchOptions.Usage}");
            return problem is null ? 0 : 2;
        }
        var cases = CaseList.Choose(options.Cases, out var unknown);
        if (unknown is not null)
        {
            await Console.Error.WriteLineAsync($"bench: no case '{unknown}'. There are: {string.Join(", ", CaseList.All.Select(one => one.Name))}.");
            return 2;
        }
        if (options.List)
        {
            foreach (var one in cases) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{one.Name,-32} {one.What}"));
            return 0;
        }
        foreach (var one in cases.Where(one => one.Misses(options) is not null))
            await Console.Error.WriteLineAsync($"bench: {one.Name} is left out: it needs {one.Misses(options)}");
        return await RunAsync([.. cases.Where(one => one.Misses(options) is null)], options);
    }

    private static async Task<int> RunAsync(IReadOnlyList<BenchmarkCase> cases, BenchOptions options)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        var results = new List<CaseResult>();
        try
        {
            foreach (var one in cases)
            {
                await Console.Error.WriteLineAsync($"bench: {one.Name} …");
                results.Add(await Runner.RunAsync(one, options, stop.Token));
                Console.WriteLine(ResultTable.Of(results[^1]));
                // After each: a run that is stopped keeps what it has.
                await WriteAsync(results, options);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        return cases.Count > 0 ? 0 : 2;
    }

    private static async Task WriteAsync(IReadOnlyList<CaseResult> results, BenchOptions options)
    {
        if (options.Json is { } file) await ResultFile.WriteAsync(file, results);
        if (options.Plots is { } folder) Plot.WriteAll(folder, results);
        if (options.Table is { } page) await ResultPage.RewriteAsync(page, results, options);
    }
}
