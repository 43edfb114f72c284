using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>
/// Names paths: '*' and '?' stay within a segment, '**' crosses them, a pattern without '/' matches at any depth,
/// one that begins with it at the root only, and whatever matches a folder matches all below it. Letter case counts not, nor does what some disks don't tell apart: a
/// stricter reading, see <see cref="FoldedPath"/>.
/// </summary>
public sealed class PathPattern : IEquatable<PathPattern>
{
    private readonly string[] segments;

    private PathPattern(string text)
    {
        Text = text;
        var folded = FoldedPath.Segments(text.Trim('/'));
        segments = folded.Length == 1 && !text.StartsWith('/') ? ["**", .. folded] : folded;
        FixedName = segments.Where(Glob.IsLiteral).MaxBy(segment => segment.Length);
    }

    public string Text { get; }

    /// <summary>What some segment of every matching path is, folded; null when that can be anything.</summary>
    internal string? FixedName { get; }

    public static bool TryParse(string text, out PathPattern pattern, out string problem)
    {
        pattern = null!;
        problem = LiteralPath.Problem((text.StartsWith('/') ? text[1..] : text).TrimEnd('/'));
        if (problem.Length > 0) return false;
        pattern = new(text);
        return true;
    }

    public static PathPattern Parse(string text) =>
        TryParse(text, out var pattern, out var problem) ? pattern : throw new FormatException(problem);

    public bool Matches(RepositoryPath path) => Matches(FoldedPath.Segments(path.Value));

    /// <param name="path">Folded segments.</param>
    internal bool Matches(ReadOnlySpan<string> path)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (true)
        {
            // All of the pattern is used up: the path is what it names, or lies below it.
            if (p == segments.Length) return true;
            if (segments[p] == "**")
            {
                if (p == segments.Length - 1) return true;
                (star, resume) = (p++, t);
            }
            else if (t < path.Length && Glob.Matches(segments[p], path[t]))
            {
                (p, t) = (p + 1, t + 1);
            }
            else if (star >= 0 && resume < path.Length)
            {
                (p, t) = (star + 1, ++resume);
            }
            else
            {
                return false;
            }
        }
    }

    public bool Equals(PathPattern? other) => Text == other?.Text;

    public override bool Equals(object? obj) => Equals(obj as PathPattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;
}
