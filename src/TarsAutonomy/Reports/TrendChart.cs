using System.Globalization;
using System.Text;

namespace TarsAutonomy.Reports;

/// <summary>The success rate of the last nights as a small picture: a column each, and the target as a line.</summary>
internal static class TrendChart
{
    private const int Column = 12;
    private const int Height = 60;

    public static string Svg(SuccessTrend trend)
    {
        var width = Math.Max(1, trend.Nights.Count) * Column;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<svg role=\"img\" viewBox=\"0 0 {width} {Height}\" width=\"{width}\" height=\"{Height}\"><title>Success rate, night by night</title>");
        for (var i = 0; i < trend.Nights.Count; i++)
        {
            var night = trend.Nights[i];
            // A night without a rate is a low grey mark: it happened, and says nothing.
            var (height, kind) = night.Rate is { } rate ? (Math.Max(2, (int)Math.Round(rate * Height)), rate >= trend.Target ? "good" : "bad") : (1, "none");
            text.Append(CultureInfo.InvariantCulture, $"<rect class=\"{kind}\" x=\"{(i * Column) + 1}\" y=\"{Height - height}\" width=\"{Column - 2}\" height=\"{height}\"><title>{night.Night}: {ReportWords.Percent(night.Rate)} %</title></rect>");
        }
        var target = (int)Math.Round(Height * (1 - trend.Target));
        return text.Append(CultureInfo.InvariantCulture, $"<line class=\"target\" x1=\"0\" x2=\"{width}\" y1=\"{target}\" y2=\"{target}\"/></svg>\n").ToString();
    }
}
