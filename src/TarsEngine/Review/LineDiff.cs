using System.Globalization;
using DiffPlex;
using DiffPlex.Model;

namespace TarsEngine.Review;

/// <summary>The unified difference of two texts, in bounded time.</summary>
internal static class LineDiff
{
    private const int ContextLines = 3;

    // Myers' algorithm grows with lines times differences; beyond this the middle is shown as replaced whole.
    private const int MaxComparedLines = 8_000;

    /// <param name="Start">First line in the old and in the new text, from 0.</param>
    private sealed record Block(int Start, int Removed, int NewStart, int Added);

    public static (List<DiffLine> Lines, int Added, int Removed) Between(string before, string after)
    {
        string[] old = Split(before), @new = Split(after);
        var blocks = Blocks(old, @new);
        var lines = new List<DiffLine>();
        for (var first = 0; first < blocks.Count;)
        {
            var last = first;
            while (last + 1 < blocks.Count && blocks[last + 1].Start - (blocks[last].Start + blocks[last].Removed) <= 2 * ContextLines) last++;
            WriteHunk(blocks, first, last, old, @new, lines);
            first = last + 1;
        }
        return (lines, blocks.Sum(b => b.Added), blocks.Sum(b => b.Removed));
    }

    /// <summary>Lines with their endings: a changed ending is a change.</summary>
    internal static string[] Split(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }
        return [.. lines];
    }

    private static List<Block> Blocks(string[] old, string[] @new)
    {
        int head = 0, tail = 0, shared = Math.Min(old.Length, @new.Length);
        while (head < shared && old[head] == @new[head]) head++;
        while (tail < shared - head && old[^(tail + 1)] == @new[^(tail + 1)]) tail++;
        string[] oldMiddle = old[head..^tail], newMiddle = @new[head..^tail];
        if (oldMiddle.Length == 0 && newMiddle.Length == 0) return [];
        if (oldMiddle.Length == 0 || newMiddle.Length == 0 || oldMiddle.Length + newMiddle.Length > MaxComparedLines)
            return [new(head, oldMiddle.Length, head, newMiddle.Length)];
        DiffResult found = new Differ().CreateCustomDiffs(string.Concat(oldMiddle), string.Concat(newMiddle), ignoreWhiteSpace: false, Split);
        return [.. found.DiffBlocks.Select(b =>
            new Block(head + b.DeleteStartA, b.DeleteCountA, head + b.InsertStartB, b.InsertCountB))];
    }

    private static void WriteHunk(List<Block> blocks, int first, int last, string[] old, string[] @new, List<DiffLine> lines)
    {
        var from = Math.Max(0, blocks[first].Start - ContextLines);
        var to = Math.Min(old.Length, blocks[last].Start + blocks[last].Removed + ContextLines);
        var newFrom = blocks[first].NewStart - (blocks[first].Start - from);
        var newTo = blocks[last].NewStart + blocks[last].Added + (to - blocks[last].Start - blocks[last].Removed);
        lines.Add(new(DiffLineKind.Hunk, $"@@ -{Range(from, to)} +{Range(newFrom, newTo)} @@"));
        var at = from;
        for (var i = first; i <= last; i++)
        {
            for (; at < blocks[i].Start; at++) Write(DiffLineKind.Context, ' ', old[at], lines);
            for (; at < blocks[i].Start + blocks[i].Removed; at++) Write(DiffLineKind.Removed, '-', old[at], lines);
            for (var j = 0; j < blocks[i].Added; j++) Write(DiffLineKind.Added, '+', @new[blocks[i].NewStart + j], lines);
        }
        for (; at < to; at++) Write(DiffLineKind.Context, ' ', old[at], lines);
    }

    private static void Write(DiffLineKind kind, char prefix, string line, List<DiffLine> lines)
    {
        var ended = line.EndsWith('\n');
        lines.Add(new(kind, prefix + SafeText.Line(ended ? line[..^1] : line)));
        if (!ended) lines.Add(new(DiffLineKind.Note, @"\ No newline at end of file"));
    }

    // As git and diff write it: the first line counted from 1, an empty range names the line before it.
    private static string Range(int from, int to)
    {
        var start = to == from ? from : from + 1;
        return to - from == 1
            ? start.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{start},{to - from}");
    }
}
