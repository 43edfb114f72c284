using System.Net;
using TarsEngine.Review;

namespace TarsAutonomy.Reports;

/// <summary>Text that others wrote, inside HTML: in elements and in quoted attributes.</summary>
internal static class HtmlText
{
    public static string Escape(string text) => WebUtility.HtmlEncode(SafeText.Line(text.ReplaceLineEndings(" ")));

    /// <summary>A diff, its lines marked by what they do.</summary>
    public static string Diff(DiffExcerpt diff)
    {
        var lines = diff.Lines.Select(line => $"<span class=\"{Kind(line)}\">{Escape(line)}\n</span>");
        var rest = diff.LinesLeftOut > 0 ? $"<span class=\"note\">({ReportWords.Count(diff.LinesLeftOut, "line")} more)\n</span>" : "";
        return $"<details><summary>Diff</summary><pre>{string.Concat(lines)}{rest}</pre></details>\n";
    }

    private static string Kind(string line) => line switch
    {
        ['+', ..] => "add",
        ['-', ..] => "del",
        ['@', ..] => "hunk",
        [' ', ..] => "same",
        _ => "note",
    };
}
