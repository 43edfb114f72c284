using System.Globalization;
using System.Text;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Showing;

/// <summary>A case's figures for people.</summary>
internal static class ResultTable
{
    public static string Of(CaseResult result)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{result.Name}: {result.What}");
        if (result.Goal is not null) text.AppendLine(CultureInfo.InvariantCulture, $"  goal: {result.Goal}");
        foreach (var target in result.Targets)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  goal: '{target.Variant}' {target.Text(result.Unit)}{(target.Against is { } other ? $", against '{other}'" : "")}: {(target.Measured(result.Variants) is { } measured ? target.Shown(measured, result.Unit) : "-")}, {(target.IsMet(result.Variants) ? "met" : "missed")}");
        }
        var width = Math.Max(12, result.Variants.Max(variant => variant.Name.Length));
        text.AppendLine(CultureInfo.InvariantCulture,
            $"  {result.Unit.PadRight(width)} {"median",12} {"min",12} {"lower ¼",12} {"upper ¼",12} {"max",12} {"× baseline",11} {"runs",5}");
        foreach (var variant in result.Variants)
        {
            text.AppendLine(CultureInfo.InvariantCulture,
                $"  {variant.Name.PadRight(width)} {Figure(variant.Median)} {Figure(variant.Minimum)} {Figure(variant.LowerQuartile)} {Figure(variant.UpperQuartile)} {Figure(variant.Maximum)} {variant.RatioTo(result.Variants[0])?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-",11} {variant.Samples.Count,5}");
        }
        return text.ToString();
    }

    /// <summary>As many digits as the figure bears.</summary>
    public static string Short(double value) => value.ToString(Math.Abs(value) switch { < 1 => "0.0000", < 100 => "0.00", _ => "0.0" }, CultureInfo.InvariantCulture);

    private static string Figure(double value) => Short(value).PadLeft(12);
}
