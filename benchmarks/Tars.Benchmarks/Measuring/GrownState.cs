using System.Globalization;
using TarsEngine;
using TarsEngine.Audit;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace Tars.Benchmarks.Measuring;

/// <summary>A codebase of few files with the state of years in it.</summary>
internal sealed class GrownState
{
    private const int AtOnce = 5_000;

    public required Codebase Codebase { get; init; }

    public required string Home { get; init; }

    public required ImprovementId Newest { get; init; }

    /// <param name="improvements">A tenth of them was executed once.</param>
    /// <param name="events">Entries of the audit trail, in all.</param>
    public static async Task<GrownState> MakeAsync(Bench bench, int improvements, int events, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Path.Combine(bench.Folder, string.Create(CultureInfo.InvariantCulture, $"grown-{improvements}"))).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "a.txt"), "a", cancellation);
        await GeneratedRepository.CommitAsync(folder, cancellation);
        var home = folder + ".home";
        var codebase = await Codebase.OpenAsync(new(folder, Path.Combine(home, "tars"), null, "bench", Bench.HostEnvironment), cancellation);
        bench.AtEnd(codebase.Dispose);
        var added = codebase.Improvements.Add([.. Enumerable.Range(0, improvements).Select(_ => SmallImprovement.Make())], "bench");
        foreach (var one in added.Take(improvements / 10))
        {
            var (context, run) = codebase.Contexts.Create(one.Improvement.Id, new(), "bench", codebase.State);
            codebase.Contexts.Advance(context.Id, [ContextState.Planning], ContextState.NothingToDo, "bench");
            run.Dispose();
        }
        for (var left = events - (int)codebase.Audit.Verify().Entries; left > 0; left -= AtOnce)
        {
            codebase.Database.Write("let the trail grow", tx =>
            {
                for (var i = 0; i < Math.Min(left, AtOnce); i++) codebase.Audit.Append(tx, new AuditEntry("grown", "bench", "bench", ("number", i.ToString(CultureInfo.InvariantCulture))));
            });
        }
        return new() { Codebase = codebase, Home = home, Newest = added[^1].Improvement.Id };
    }
}
