using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Cases;

/// <summary>What reading a report adds to the highest resident memory of the process, however many cases it has.</summary>
internal sealed class JUnitMemory : BenchmarkCase
{
    public override string Name => "validation/junit-memory";

    public override string What => "the highest resident memory while a JUnit report is read";

    public override string Unit => "MB";

    public override string? Goal => "1,000,000 cases take no more than 100,000 do";

    public override int Runs => 5;

    public override int WarmUp => 1;

    public override async Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var (small, large, huge) = (await JUnitReading.WriteAsync(bench, 1_000, cancellation), await JUnitReading.WriteAsync(bench, 100_000, cancellation), await JUnitReading.WriteAsync(bench, 1_000_000, cancellation));
        return [Reading("1,000 cases", small), Reading("100,000 cases", large), Reading("1,000,000 cases", huge)];
    }

    private static Variant Reading(string name, string file) => OutputMemory.Highest(name, _ => Task.FromResult(JUnitReading.Read(file)));
}
