using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>On a codebase of 10,000 files: four libraries, tests, and papers.</summary>
internal abstract class GeneratedImprovement(bool isFirst) : WholeImprovement("generated", isFirst)
{
    protected override async Task<string> SourceAsync(Bench bench, CancellationToken cancellation)
    {
        var folder = Path.Combine(bench.Folder, "source");
        await GeneratedSolution.WriteAsync(folder, cancellation);
        await GeneratedRepository.CommitAsync(folder, cancellation);
        return folder;
    }
}

internal sealed class GeneratedImprovementFirst() : GeneratedImprovement(isFirst: true);

internal sealed class GeneratedImprovementLater() : GeneratedImprovement(isFirst: false);
