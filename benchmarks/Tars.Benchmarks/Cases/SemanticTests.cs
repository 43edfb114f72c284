using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>From a one-line edit to the result of the tests.</summary>
internal sealed class SemanticTests : BenchmarkCase
{
    public override string Name => "semantics/tests";

    public override string What => "a one-line edit in a library, until its tests have run";

    public override string? Goal => "5 times faster than dotnet test --no-restore";

    public override int Runs => 5;

    public override int WarmUp => 1;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var codebase = await CompiledCodebase.PrepareAsync(bench, cancellation);
        return
        [
            Variant.Timed("dotnet test --no-restore", codebase.TestAsync) with { Before = codebase.EditAsync },
            Variant.Timed("the worker's assemblies, tested in the sandbox", codebase.TestEmittedAsync),
        ];
    }
}
