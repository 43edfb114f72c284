using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Files;

namespace TarsEngine.Configuration;

/// <summary>
/// Names paths: '*' and '?' stay within a segment, '**' crosses them, a pattern without '/' matches at any depth,
/// and whatever matches a folder matches all below it. Letter case counts not: a stricter reading for protected paths.
/// </summary>
public sealed class PathPattern : IEquatable<PathPattern>
{
    private readonly Regex regex;

    private PathPattern(string text, Regex regex) => (Text, this.regex) = (text, regex);

    public string Text { get; }

    public static bool TryParse(string text, out PathPattern pattern, out string problem)
    {
        pattern = null!;
        problem = ConfigurationPaths.Problem(text.TrimEnd('/'));
        if (problem.Length > 0) return false;
        // Non-backtracking: time grows with the path's length only, whatever the pattern.
        pattern = new(text, new Regex(Translate(text), RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline));
        return true;
    }

    public static PathPattern Parse(string text) =>
        TryParse(text, out var pattern, out var problem) ? pattern : throw new FormatException(problem);

    public bool Matches(RepositoryPath path) => regex.IsMatch(path.Value);

    public bool Equals(PathPattern? other) => Text == other?.Text;

    public override bool Equals(object? obj) => Equals(obj as PathPattern);

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => Text;

    private static string Translate(string text)
    {
        var segments = text.TrimEnd('/').Split('/');
        var pattern = new StringBuilder("^");
        if (segments.Length == 1) pattern.Append("(?:.*/)?");
        for (var i = 0; i < segments.Length; i++)
        {
            var last = i == segments.Length - 1;
            if (segments[i] == "**") pattern.Append(last ? ".*" : "(?:.*/)?");
            else pattern.Append(Segment(segments[i])).Append(last ? "" : "/");
        }
        return pattern.Append("(?:/.*)?$").ToString();
    }

    private static string Segment(string segment)
    {
        var pattern = new StringBuilder();
        foreach (var c in segment)
        {
            pattern.Append(c switch { '*' => "[^/]*", '?' => "[^/]", _ => Regex.Escape(c.ToString()) });
        }
        return pattern.ToString();
    }
}
