using System.Globalization;

namespace Tars.Benchmarks.Measuring;

/// <summary>A goal that figures can be held against: for people, nothing fails by it.</summary>
/// <param name="Variant">Whose figure it is.</param>
/// <param name="Against">The variant that it is held against, run by run; null: its own median, in the case's unit.</param>
/// <param name="Limit">At most so many times, or at least so many times as fast.</param>
/// <param name="IsSpeed">It has to be faster.</param>
internal sealed record Target(string Variant, string? Against, double Limit, bool IsSpeed = false)
{
    public static Target AtMost(string variant, string against, double times) => new(variant, against, times);

    /// <summary>At least so many times as fast as another.</summary>
    public static Target Faster(string variant, string against, double times) => new(variant, against, times, IsSpeed: true);

    /// <summary>What came out; null where it can't be told.</summary>
    public double? Measured(IReadOnlyList<VariantResult> variants)
    {
        var own = variants.Single(variant => variant.Name == Variant);
        if (Against is null) return own.Median;
        var other = variants.Single(variant => variant.Name == Against);
        return IsSpeed ? other.RatioTo(own) : own.RatioTo(other);
    }

    public bool IsMet(IReadOnlyList<VariantResult> variants) => Measured(variants) is { } measured && (IsSpeed ? measured >= Limit : measured <= Limit);

    /// <summary>'at most 1.50 ×', 'at least 8.00 × as fast', 'at most 500 ms'.</summary>
    public string Text(string unit) => string.Create(CultureInfo.InvariantCulture,
        $"at {(IsSpeed ? "least" : "most")} {Shown(Limit, unit)}{(IsSpeed ? " as fast" : "")}");

    public string Shown(double figure, string unit) => string.Create(CultureInfo.InvariantCulture, $"{figure:0.##} {(Against is null ? unit : "×")}");
}
