namespace Tars.Benchmarks.Measuring;

/// <summary>What a case came to; the first variant is its baseline.</summary>
internal sealed record CaseResult(string Name, string What, string Unit, string? Goal, IReadOnlyList<Target> Targets, IReadOnlyList<VariantResult> Variants);

/// <param name="Samples">In the order in which they were taken.</param>
internal sealed record VariantResult(string Name, IReadOnlyList<double> Samples)
{
    public double Minimum => Quantile(0);

    public double LowerQuartile => Quantile(0.25);

    public double Median => Quantile(0.5);

    public double UpperQuartile => Quantile(0.75);

    public double Maximum => Quantile(1);

    /// <summary>Run by run against the baseline, then the middle one: what slows the machine for a while slows both. Null where the baseline is nothing.</summary>
    public double? RatioTo(VariantResult baseline) =>
        Quantile(0.5, [.. Samples.Zip(baseline.Samples, (own, other) => own / other)]) is var ratio && double.IsFinite(ratio) ? ratio : null;

    private double Quantile(double share) => Quantile(share, Samples);

    private static double Quantile(double share, IReadOnlyList<double> samples)
    {
        var sorted = samples.Order().ToList();
        var place = share * (sorted.Count - 1);
        var below = (int)place;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (place - below));
    }
}
