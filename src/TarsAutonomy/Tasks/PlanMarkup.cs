using System.Text;
using System.Text.RegularExpressions;

namespace TarsAutonomy.Tasks;

/// <summary>The spellings in which plans are written: headings, tasks, fields. All patterns take time in proportion to the line.</summary>
internal static partial class PlanMarkup
{
    /// <summary>A heading's words; null for a line that is none.</summary>
    public static string? Heading(string line) => HeadingPattern().Match(line) is { Success: true } match ? match.Groups["text"].Value : null;

    /// <summary>True for the line of '---' or '===' that makes a heading of the line above it.</summary>
    public static bool IsUnderline(string line) => UnderlinePattern().IsMatch(line);

    /// <summary>A line across the page, which parts what stands above it from what stands below.</summary>
    public static bool IsRule(string line)
    {
        var text = line.Replace(" ", "", StringComparison.Ordinal).TrimEnd('\t');
        return text.Length >= 3 && text[0] is ('-' or '*' or '_') && text.AsSpan().IndexOfAnyExcept(text[0]) < 0;
    }

    /// <summary>Which section a heading begins; null for another heading. <paramref name="isUnclear"/> where it says ready and not ready at once.</summary>
    public static TaskSection? SectionOf(string heading, out bool isUnclear)
    {
        var text = " " + Words(heading) + " ";
        isUnclear = false;
        if (text.Contains(" not ready ", StringComparison.Ordinal)) return TaskSection.NotReady;
        if (text.Contains(" pending approval ", StringComparison.Ordinal)) return TaskSection.Pending;
        if (!text.Contains(" ready for autonomous execution ", StringComparison.Ordinal)) return null;
        isUnclear = text.Split(' ').Any(word => word is "not" or "no" or "never" or "almost" or "nearly" or "until" or "once" or "when" or "if" or "after" or "before" or "isn" or "aren" or "pending" or "blocked");
        return isUnclear ? TaskSection.NotReady : TaskSection.Ready;
    }

    /// <summary>A line that names a task: '→ **[task_3]** Description', with any bullet, bold or not.</summary>
    public static TaskLine? Task(string line)
    {
        if (TaskPattern().Match(line) is not { Success: true } match) return null;
        var id = match.Groups["id"].Value.Trim();
        // '[x]' alone is a box, and '[text](address)' a link.
        if (id is "" or "x" or "X" || match.Groups["description"].Value.StartsWith('(')) return null;
        var isBold = match.Groups["bold"].Length > 0;
        if (!isBold && match.Groups["bullet"].Length == 0) return null;
        var description = match.Groups["description"].Value.TrimEnd();
        // Where all of the line is bold, its last mark has no first one left.
        if (isBold && match.Groups["closed"].Length == 0 && description.EndsWith(match.Groups["bold"].Value, StringComparison.Ordinal)) description = description[..^2];
        return new(Indent(line), id, Plain(description), match.Groups["box"].Value.Trim() is "x" or "X", isBold || match.Groups["bullet"].Value is "→" or "➜" or "->" or "=>");
    }

    /// <summary>A bullet with 'key: value' or with anything else; null for a line without a bullet.</summary>
    public static (int Indent, string? Key, string Value)? Bullet(string line)
    {
        if (BulletPattern().Match(line) is not { Success: true } match) return null;
        var text = match.Groups["text"].Value;
        return FieldPattern().Match(text) is { Success: true } field
            ? (Indent(line), field.Groups["key"].Value.Trim(), Plain(field.Groups["value"].Value))
            : (Indent(line), null, Plain(text));
    }

    /// <summary>Where a field's value begins in its line as it stands in the file; null where it has none.</summary>
    public static int? ValueStart(string line) => ValuePattern().Match(line) is { Success: true } match ? match.Length : null;

    /// <summary>A line without a bullet that looks like a task all the same: a table's row or a quotation.</summary>
    public static bool IsDisguised(string line) => line.AsSpan().TrimStart() is ['|' or '>', .. var rest] && rest.Contains('[');

    /// <summary>Columns before the text; a tab goes to the next multiple of four.</summary>
    public static int Indent(string line)
    {
        var columns = 0;
        foreach (var c in line)
        {
            if (c == '\t') columns += 4 - (columns % 4);
            else if (c is ' ' or '\u00a0') columns++;
            else break;
        }
        return columns;
    }

    /// <summary>Letters and digits in small letters, one space between words.</summary>
    public static string Words(string text)
    {
        var words = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (char.IsLetterOrDigit(c)) words.Append(char.ToLowerInvariant(c));
            else if (words.Length > 0 && words[^1] != ' ') words.Append(' ');
        }
        return words.ToString().TrimEnd();
    }

    // On one line, without the marks of emphasis around all of it.
    private static string Plain(string text)
    {
        text = text.Trim();
        while (text.Length > 4 && text.StartsWith("**", StringComparison.Ordinal) && text.IndexOf("**", 2, StringComparison.Ordinal) == text.Length - 2) text = text[2..^2].Trim();
        return text;
    }

    [GeneratedRegex(@"^ {0,3}#{1,6}(?<text>[ \t\u00a0].*|)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex HeadingPattern();

    [GeneratedRegex(@"^ {0,3}(=+|-+)[ \t]*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UnderlinePattern();

    [GeneratedRegex(@"^\s*(?<bullet>→|➜|->|=>|[-*+•‣◦–]|[0-9]{1,9}[.)])?\s*(\[(?<box>[ xX])\]\s+)?(?<bold>\*\*|__)?\s*\[(?<id>[^\[\]]*)\]\s*(?<closed>\*\*|__)?\s*(:|–|—|-\s|)\s*(?<description>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TaskPattern();

    [GeneratedRegex(@"^\s*(→|➜|->|=>|[-*+•‣◦–]|[0-9]{1,9}[.)])[ \t\u00a0]+(?<text>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BulletPattern();

    [GeneratedRegex(@"^(\*\*|__|\*|_)?(?<key>[\p{L}][\p{L}\p{N} _./()-]{0,40})(\*\*|__|\*|_)?\s*[:：]\s*(\*\*|__|\*|_)?(?<value>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex FieldPattern();

    [GeneratedRegex(@"^[^:：]*[:：](\*\*|__|\*|_)?[ \t\u00a0]*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex ValuePattern();
}

/// <summary>What a line says that names a task.</summary>
/// <param name="Indent">In columns.</param>
/// <param name="IsTicked">Its box has a cross.</param>
/// <param name="IsMarked">Nobody writes this but for a task: bold, or with an arrow.</param>
internal sealed record TaskLine(int Indent, string Id, string Description, bool IsTicked, bool IsMarked);
