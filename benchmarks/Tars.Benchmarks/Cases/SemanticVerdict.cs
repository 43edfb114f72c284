using Tars.Benchmarks.Measuring;
using TarsEngine.CSharp.Answering;

namespace Tars.Benchmarks.Cases;

/// <summary>What a one-line edit in a library with tests depending on it costs until it is known to compile.</summary>
internal sealed class SemanticVerdict : BenchmarkCase
{
    public override string Name => "semantics/verdict";

    public override string What => "a one-line edit in a library that tests depend on, until it is known whether it compiles";

    public override string? Goal => "10 times faster than the plain build, 5 times faster than with warm servers; the hint 50 times";

    public override int Runs => 7;

    public override int WarmUp => 2;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var codebase = await CompiledCodebase.PrepareAsync(bench, cancellation);
        return
        [
            Variant.Timed("dotnet build --no-restore", codebase.BuildAsync) with { Before = codebase.EditAsync },
            Variant.Timed("the same with warm build servers", codebase.BuildWithServersAsync) with { Before = codebase.EditAsync },
            Variant.Timed("the worker's verdict", stop => codebase.AskAsync(Layer.Verdict, emit: false, stop)),
            Variant.Timed("its verdict, assemblies made", stop => codebase.AskAsync(Layer.Verdict, emit: true, stop)),
            Variant.Timed("its hint on the changed file", stop => codebase.AskAsync(Layer.Hint, emit: false, stop)),
        ];
    }
}
