using TarsEngine.Review;

namespace TarsAutonomy.Reports;

/// <summary>Text that others wrote, inside Markdown.</summary>
internal static class MarkdownText
{
    /// <summary>Longer words than these help nobody in a report.</summary>
    private const int MostCharacters = 500;

    /// <summary>
    /// A code span. Escaping is not enough where a code host reads the text: it makes mentions, references and links of what looks like
    /// one, also behind a backslash; only code it leaves alone.
    /// </summary>
    public static string Code(string text)
    {
        var safe = SafeText.Line(text.ReplaceLineEndings(" ").Replace('\t', ' '), MostCharacters);
        if (string.IsNullOrWhiteSpace(safe)) return "(nothing)";
        var fence = new string('`', LongestRun(safe) + 1);
        // One space on each side is taken off again.
        return $"{fence} {safe} {fence}";
    }

    /// <summary>A block that none of the lines can close.</summary>
    public static string Block(IReadOnlyList<string> lines, string language)
    {
        var fence = new string('`', Math.Max(3, lines.Select(LongestRun).DefaultIfEmpty(0).Max() + 1));
        return $"{fence}{language}\n{string.Concat(lines.Select(line => SafeText.Line(line) + "\n"))}{fence}\n";
    }

    private static int LongestRun(string text)
    {
        int longest = 0, run = 0;
        foreach (var c in text) longest = Math.Max(longest, run = c == '`' ? run + 1 : 0);
        return longest;
    }
}
