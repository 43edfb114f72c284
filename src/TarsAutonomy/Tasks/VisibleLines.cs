using System.Text;
using TarsEngine.Documents;

namespace TarsAutonomy.Tasks;

/// <summary>What of a Markdown file speaks: fenced code blocks and HTML comments don't, so a template in one is no plan.</summary>
internal static class VisibleLines
{
    private const string CommentStart = "<!--", CommentEnd = "-->";

    /// <summary>Each line's text, mended where an editor broke its encoding; null for a line that doesn't speak.</summary>
    public static string?[] Of(IReadOnlyList<PlanLine> lines, DocumentProblems problems)
    {
        var visible = new string?[lines.Count];
        string? fence = null;
        int fenceLine = 0, commentLine = 0;
        for (var i = 0; i < lines.Count; i++)
        {
            var text = lines[i].Text;
            if (fence is not null)
            {
                if (Ends(fence, text)) fence = null;
                continue;
            }
            if (commentLine == 0 && FenceOf(text) is { } opened)
            {
                (fence, fenceLine) = (opened, i + 1);
                continue;
            }
            var spoken = WithoutComments(text, i + 1, ref commentLine);
            visible[i] = spoken is null ? null : Mojibake.Repair(spoken);
        }
        if (fence is not null) problems.Add(fenceLine, 1, "The code block that begins here has no end; nothing behind it was read. Close it.");
        if (commentLine > 0) problems.Add(commentLine, 1, "The comment that begins here has no end; nothing behind it was read. Close it with '-->'.");
        return visible;
    }

    private static string? FenceOf(string line)
    {
        var text = line.AsSpan().TrimStart();
        if (text.IsEmpty || text[0] is not ('`' or '~')) return null;
        var length = text.IndexOfAnyExcept(text[0]);
        if (length < 0) length = text.Length;
        // Backticks behind backticks: code within a line.
        return length >= 3 && (text[0] == '~' || !text[length..].Contains('`')) ? new string(text[0], length) : null;
    }

    private static bool Ends(string fence, string line)
    {
        var text = line.AsSpan().Trim();
        return text.Length >= fence.Length && text.IndexOfAnyExcept(fence[0]) < 0;
    }

    // Null when all of the line stands in a comment.
    private static string? WithoutComments(string line, int number, ref int commentLine)
    {
        if (commentLine == 0 && !line.Contains(CommentStart, StringComparison.Ordinal)) return line;
        var spoken = new StringBuilder();
        var hadComment = false;
        for (var at = 0; at < line.Length;)
        {
            hadComment |= commentLine > 0;
            var end = line.IndexOf(commentLine > 0 ? CommentEnd : CommentStart, at, StringComparison.Ordinal);
            if (commentLine == 0) spoken.Append(line, at, (end < 0 ? line.Length : end) - at);
            if (end < 0) break;
            (commentLine, at) = commentLine > 0 ? (0, end + CommentEnd.Length) : (number, end + CommentStart.Length);
            hadComment = true;
        }
        return (hadComment || line.Length == 0) && string.IsNullOrWhiteSpace(spoken.ToString()) ? null : spoken.ToString();
    }
}
