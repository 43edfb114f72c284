using System.Globalization;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>Reading a codebase of 10,000 files: for the first time, and again after one edit.</summary>
internal sealed class WorkspaceCapture : BenchmarkCase
{
    private int edits;

    public override string Name => "workspace/capture";

    public override string What => "capturing a codebase of 10,000 files";

    public override string? Goal => "again after one edit: at most 'git status'";

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        await GeneratedRepository.WriteAsync(bench, 10_000, cancellation);
        var capture = GeneratedRepository.Capture(bench);
        var file = Path.Combine(bench.Codebase, "src/p0/d0/C0.cs");
        return
        [
            Variant.Timed("git status, again after one edit", stop => Bench.RunOnHostAsync(["git", "status", "--porcelain"], bench.Codebase, stop)) with { Before = Edit },
            Variant.Timed("capture, again after one edit", capture.CaptureAsync) with { Before = Edit },
            Variant.Timed("capture, for the first time", capture.CaptureAsync) with { Before = Forget },
        ];

        Task Edit(CancellationToken stop) => File.WriteAllTextAsync(file, string.Create(CultureInfo.InvariantCulture, $"class Edit{++edits};\n"), stop);

        Task Forget(CancellationToken stop)
        {
            foreach (var cache in Directory.EnumerateFiles(bench.State.Root, "tree-cache*")) File.Delete(cache);
            return Task.CompletedTask;
        }
    }
}
