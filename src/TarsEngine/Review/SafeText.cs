using System.Globalization;
using System.Text;

namespace TarsEngine.Review;

/// <summary>Text that others wrote, made safe for a terminal and honest for a reader: what acts or can't be seen is escaped.</summary>
public static class SafeText
{
    /// <summary>Longer lines are cut, and the cut is said.</summary>
    public const int MaxLineLength = 2_000;

    /// <summary>One line: escape codes, bidirectional and invisible characters and lone surrogates become \u….; tabs stay.</summary>
    public static string Line(string text, int maxLength = MaxLineLength)
    {
        var cut = text.Length > maxLength;
        if (cut) text = text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];
        if (text.AsSpan().ContainsAnyExceptInRange(' ', '~')) text = Escape(text);
        return cut ? text + " … (line cut)" : text;
    }

    /// <summary>Several lines: as <see cref="Line"/>, line by line.</summary>
    public static string Lines(string text) =>
        string.Join('\n', text.ReplaceLineEndings("\n").Split('\n').Select(line => Line(line)));

    private static string Escape(string text)
    {
        var shown = new StringBuilder(text.Length + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            // EnumerateRunes answers U+FFFD for half a surrogate pair: shown as what it is, a character that isn't one.
            if (rune.Value == '\t' || !Acts(rune)) shown.Append(rune.ToString());
            else if (rune.Value <= 0xFFFF) shown.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
            else shown.Append(CultureInfo.InvariantCulture, $"\\U{rune.Value:x8}");
        }
        return shown.ToString();
    }

    private static bool Acts(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
        || (rune.Value != ' ' && Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator);
}
