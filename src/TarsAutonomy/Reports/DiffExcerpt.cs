namespace TarsAutonomy.Reports;

/// <summary>The first lines of a diff.</summary>
/// <param name="Lines">Ready to read: the review has made them safe for a terminal, and for nothing else.</param>
/// <param name="LinesLeftOut">How many followed.</param>
public sealed record DiffExcerpt(IReadOnlyList<string> Lines, int LinesLeftOut)
{
    internal static DiffExcerpt Of(string diff, int most)
    {
        var lines = diff.TrimEnd('\n').Split('\n');
        return new([.. lines.Take(most)], Math.Max(0, lines.Length - most));
    }
}
