using System.Globalization;
using System.Security;
using System.Text;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Showing;

/// <summary>A case as a picture: a bar for each variant's median, a line across its end for the middle half of the runs, the baseline in grey.</summary>
internal static class Plot
{
    private const int Left = 330, Bars = 330, Right = 110, Row = 26, Top = 44;

    // Readable on both grounds by themselves, and better where the viewer tells which one there is.
    private const string Style = """
        <style>text{font:13px system-ui,sans-serif;fill:#57606a}.title{font-weight:600}.baseline{fill:#8c959f}.own{fill:#2f81f7}.spread{stroke:#57606a;stroke-width:1.5}@media(prefers-color-scheme:dark){text{fill:#c9d1d9}.spread{stroke:#c9d1d9}}</style>
        """;

    public static string FileName(string name) => name.Replace('/', '-') + ".svg";

    public static void WriteAll(string folder, IReadOnlyList<CaseResult> results)
    {
        Directory.CreateDirectory(folder);
        foreach (var result in results) File.WriteAllText(Path.Combine(folder, FileName(result.Name)), Of(result));
    }

    public static string Of(CaseResult result)
    {
        var highest = result.Variants.Max(variant => variant.UpperQuartile);
        var scale = highest > 0 ? Bars / highest : 0;
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Left + Bars + Right} {Top + (result.Variants.Count * Row) + 8}\" role=\"img\">");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<title>{Text($"{result.Name}: {result.What}")}</title>");
        svg.AppendLine(Style);
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text class=\"title\" x=\"8\" y=\"24\">{Text($"{result.Name}, {result.Unit}")}</text>");
        for (var i = 0; i < result.Variants.Count; i++) Bar(svg, result.Variants[i], Top + (i * Row), scale, i == 0 ? "baseline" : "own");
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Bar(StringBuilder svg, VariantResult variant, int top, double scale, string style)
    {
        var (middle, low, high, end) = (top + (Row / 2), At(variant.LowerQuartile), At(variant.UpperQuartile), At(variant.Median));
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Left - 10}\" y=\"{middle + 4}\" text-anchor=\"end\">{Text(variant.Name)}</text>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<rect class=\"{style}\" x=\"{Left}\" y=\"{top + 5}\" width=\"{Math.Max(1, end - Left):0.0}\" height=\"{Row - 10}\" rx=\"2\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<path class=\"spread\" d=\"M{low:0.0} {middle}H{high:0.0}M{low:0.0} {middle - 4}v8M{high:0.0} {middle - 4}v8\"/>");
        svg.AppendLine(CultureInfo.InvariantCulture, $"<text x=\"{Math.Max(high, end) + 8:0.0}\" y=\"{middle + 4}\">{ResultTable.Short(variant.Median)}</text>");

        double At(double figure) => Left + (figure * scale);
    }

    private static string Text(string text) => SecurityElement.Escape(text);
}
