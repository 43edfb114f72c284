using System.Globalization;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks;

/// <summary>Runs benchmark cases and says what they took. docs/benchmarks.md tells how to repeat a figure.</summary>
internal static class Program
{
    private const string Usage = """
        usage: ./run bench [CASE…] [--runs N] [--warm-up N] [--json FILE] [--list]

          CASE           its name, or the beginning of names ('terminal/' is every case of the terminal); default: all
          --runs N       measured runs of each variant, taken in turns (default: each case's own)
          --warm-up N    runs before them that don't count (default: each case's own)
          --json FILE    write every sample, and what the machine is, to FILE
          --list         name the cases and stop
        """;

    public static async Task<int> Main(string[] arguments)
    {
        if (BenchOptions.Parse(arguments, out var problem) is not { } options)
        {
            await Console.Error.WriteLineAsync(problem is null ? Usage : $"bench: {problem}\n{Usage}");
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
        return await RunAsync(cases, options);
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
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 130;
        }
        if (options.Json is { } file) await ResultFile.WriteAsync(file, results);
        return 0;
    }
}
