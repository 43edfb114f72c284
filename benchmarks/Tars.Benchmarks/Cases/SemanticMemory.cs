using Tars.Benchmarks.Measuring;
using TarsEngine.CSharp.Answering;

namespace Tars.Benchmarks.Cases;

/// <summary>What the compiler's worker holds in memory.</summary>
internal sealed class SemanticMemory : BenchmarkCase
{
    public override string Name => "semantics/memory";

    public override string What => "memory of the compiler's worker after ten verdicts";

    public override string Unit => "MB";

    public override int Runs => 5;

    public override int WarmUp => 1;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var codebase = await CompiledCodebase.PrepareAsync(bench, cancellation);
        return
        [
            new("the worker, first verdict and on", async stop =>
            {
                Answer? last = null;
                for (var i = 0; i < 10; i++) last = await codebase.AskAsync(Layer.Verdict, emit: false, stop);
                return last!.MemoryBytes / 1048576.0;
            }),
            new("the same with assemblies made", async stop =>
            {
                Answer? last = null;
                for (var i = 0; i < 10; i++) last = await codebase.AskAsync(Layer.Verdict, emit: true, stop);
                return last!.MemoryBytes / 1048576.0;
            }),
        ];
    }
}
