using System.Buffers.Text;

namespace TarsEngine.Improvements;

/// <summary>Checks the text hunks of one file: every header's counts against the lines that follow.</summary>
internal static class PatchHunks
{
    /// <summary>Reads hunks from the current '@@' line on; the first line that is none is left unread.</summary>
    /// <returns>The number of old and of new lines in all hunks, and where the last one ends.</returns>
    public static (long Old, long New, long End) Read(PatchLines lines, bool plain)
    {
        (long Old, long New, long End) total = (0, 0, 0);
        while (true)
        {
            var counts = ReadHeader(lines);
            ReadBody(lines, counts.Old, counts.New);
            total = (total.Old + counts.Old, total.New + counts.New, lines.EndOffset);
            if (!lines.Next()) return total;
            if (lines.StartsWith("\\ "u8))
            {
                total.End = lines.EndOffset;
                if (!lines.Next()) return total;
            }
            if (lines.StartsWith("@@ -"u8)) continue;
            if (lines.Current is [(byte)' ' or (byte)'+' or (byte)'-', ..] && !lines.Current.SequenceEqual("-- "u8)
                && !lines.Current.SequenceEqual("-- \r"u8) && !(plain && lines.StartsWith("--- "u8)))
                throw lines.Error($"the hunk goes on after its {counts.Old} old and {counts.New} new lines: its header at line {counts.Line} lies about its counts.");
            lines.Unread();
            return total;
        }
    }

    private static void ReadBody(PatchLines lines, long old, long @new)
    {
        var header = lines.Number;
        var first = true;
        while (old > 0 || @new > 0)
        {
            if (!lines.Next())
                throw lines.Error($"the patch ends inside a hunk, {old} old and {@new} new lines short of its header at line {header}; it is cut, or the header lies about its counts.");
            if (!lines.HasNewline)
                throw lines.Error("the patch ends in the middle of a hunk's line; it is cut. Make it again, or give it its last newline.");
            switch (lines.Current)
            {
                case []:
                case [(byte)' ', ..]:
                    (old, @new) = (old - 1, @new - 1);
                    break;
                case [(byte)'-', ..]:
                    old--;
                    break;
                case [(byte)'+', ..]:
                    @new--;
                    break;
                case [(byte)'\\', (byte)' ', ..] when !first:
                    break;
                default:
                    throw lines.Error($"'{PatchNames.Show(lines.Current)}' is no line of a hunk, but {old} old and {@new} new lines are missing: the header at line {header} lies about its counts.");
            }
            if (old < 0 || @new < 0)
                throw lines.Error($"the hunk has more lines than its header at line {header} says: it lies about its counts.");
            first = false;
        }
    }

    private static (long Old, long New, int Line) ReadHeader(PatchLines lines)
    {
        var text = lines.Current[4..];
        if (!Range(ref text, out var old) || !Skip(ref text, " +"u8) || !Range(ref text, out var @new) || !Skip(ref text, " @@"u8))
            throw lines.Error($"'{PatchNames.Show(lines.Current)}' is no hunk header; it looks like '@@ -1,3 +1,4 @@'.");
        if (old == 0 && @new == 0) throw lines.Error("the hunk says that it has no lines at all.");
        return (old, @new, lines.Number);

        static bool Range(ref ReadOnlySpan<byte> text, out long count)
        {
            count = 1;
            if (!Number(ref text, out _)) return false;
            return !Skip(ref text, ","u8) || Number(ref text, out count);
        }

        static bool Number(ref ReadOnlySpan<byte> text, out long value)
        {
            value = 0;
            if (text is not [>= (byte)'0' and <= (byte)'9', ..] || !Utf8Parser.TryParse(text, out value, out var used) || value > int.MaxValue) return false;
            text = text[used..];
            return true;
        }

        static bool Skip(ref ReadOnlySpan<byte> text, ReadOnlySpan<byte> expected)
        {
            if (!text.StartsWith(expected)) return false;
            text = text[expected.Length..];
            return true;
        }
    }
}
