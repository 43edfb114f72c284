namespace Tars.Benchmarks.Measuring;

/// <summary>Measures a case: set up, warm up, then run after run with the variants in turns, so that whatever the machine does meanwhile meets them all.</summary>
internal static class Runner
{
    public static async Task<CaseResult> RunAsync(BenchmarkCase one, BenchOptions options, CancellationToken cancellation)
    {
        using var bench = new Bench(options);
        var variants = await one.PrepareAsync(bench, cancellation);
        var runs = options.Runs ?? one.Runs;
        for (var run = 0; run < (options.WarmUp ?? one.WarmUp); run++)
        {
            foreach (var variant in variants) await MeasureAsync(variant, cancellation);
        }
        var samples = variants.Select(_ => new List<double>(runs)).ToList();
        for (var run = 0; run < runs; run++)
        {
            // Every other round backwards: none of them always comes first.
            var order = Enumerable.Range(0, variants.Count);
            foreach (var i in run % 2 == 0 ? order : order.Reverse()) samples[i].Add(await MeasureAsync(variants[i], cancellation));
        }
        return new(one.Name, one.What, one.Unit, one.Goal, one.Targets, [.. variants.Select((variant, i) => new VariantResult(variant.Name, samples[i]))]);
    }

    private static async Task<double> MeasureAsync(Variant variant, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (variant.Before is { } before) await before(cancellation);
        return await variant.Measure(cancellation);
    }
}
