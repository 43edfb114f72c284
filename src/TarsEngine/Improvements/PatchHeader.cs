using System.Text;

namespace TarsEngine.Improvements;

/// <summary>What stands between a 'diff --git' line and its hunks.</summary>
internal sealed class PatchHeader
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    private PatchHeader(PatchLines lines)
    {
        (Line, Start, BodyStart, End) = (lines.Number, lines.Offset, lines.EndOffset, lines.EndOffset);
        Names = lines.Current["diff --git "u8.Length..].ToArray();
    }

    public int Line { get; }
    public long Start { get; }

    /// <summary>The byte after its first line.</summary>
    public long BodyStart { get; }

    /// <summary>The byte after the header.</summary>
    public long End { get; private set; }

    /// <summary>The two names of the 'diff --git' line, as they stand there.</summary>
    public byte[] Names { get; }

    public int? OldMode { get; private set; }
    public int? NewMode { get; private set; }
    public bool IsCreate { get; private set; }
    public bool IsDelete { get; private set; }
    public bool IsCopy { get; private set; }

    /// <summary>Of a rename or copy, without prefix.</summary>
    public byte[]? From { get; private set; }
    public byte[]? To { get; private set; }

    /// <summary>The names of the '---' and '+++' lines, with prefix.</summary>
    public byte[]? Minus { get; private set; }
    public byte[]? Plus { get; private set; }

    public bool HasIndex { get; private set; }

    /// <summary>True when the 'index' line carries whole object names, which binary hunks need.</summary>
    public bool HasFullIndex { get; private set; }

    /// <summary>True when the 'index' line says that the content stays the same.</summary>
    public bool SameContent { get; private set; }

    /// <summary>Reads from the current 'diff --git' line on; the first line that belongs to no header is left unread.</summary>
    public static PatchHeader Read(PatchLines lines)
    {
        var header = new PatchHeader(lines);
        if (lines.Current.EndsWith("\r"u8))
            throw lines.Error("the line ends with CR LF: the patch was converted on its way; make it again, or send it as a file, byte for byte.");
        while (lines.Next())
        {
            if (!header.Take(lines))
            {
                lines.Unread();
                break;
            }
            header.End = lines.EndOffset;
        }
        return header;
    }

    private bool Take(PatchLines lines)
    {
        var line = lines.Number;
        if (Value(lines, "old mode ", out var text)) OldMode = Mode(lines, text);
        else if (Value(lines, "new mode ", out text)) NewMode = Mode(lines, text);
        else if (Value(lines, "new file mode ", out text)) (IsCreate, NewMode) = (true, Mode(lines, text));
        else if (Value(lines, "deleted file mode ", out text)) (IsDelete, OldMode) = (true, Mode(lines, text));
        else if (Value(lines, "rename from ", out text) || Value(lines, "rename old ", out text)) From = PatchNames.Whole(text, line);
        else if (Value(lines, "rename to ", out text) || Value(lines, "rename new ", out text)) To = PatchNames.Whole(text, line);
        else if (Value(lines, "copy from ", out text)) (IsCopy, From) = (true, PatchNames.Whole(text, line));
        else if (Value(lines, "copy to ", out text)) (IsCopy, To) = (true, PatchNames.Whole(text, line));
        else if (Value(lines, "--- ", out text)) Minus = PatchNames.Marked(text, line, out _);
        else if (Value(lines, "+++ ", out text)) Plus = PatchNames.Marked(text, line, out _);
        else if (Value(lines, "index ", out text)) Index(lines, text);
        else return Value(lines, "similarity index ", out _) || Value(lines, "dissimilarity index ", out _);
        return true;
    }

    private bool Value(PatchLines lines, string key, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (!lines.StartsWith(Encoding.ASCII.GetBytes(key))) return false;
        if (!seen.Add(key)) throw lines.Error($"a second '{key.TrimEnd()}' line for one file.");
        value = lines.Current[key.Length..];
        return true;
    }

    private static int Mode(PatchLines lines, ReadOnlySpan<byte> text) =>
        PatchModes.TryParse(text, out var mode, out var problem) ? mode : throw new PatchFormatException(lines.Number, problem, isDenied: mode != 0);


    private void Index(PatchLines lines, ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        var names = Encoding.ASCII.GetString(space < 0 ? text : text[..space]).Split("..");
        if (names.Length != 2 || names.Any(n => n.Length is < 4 or > 64 || !n.All(char.IsAsciiHexDigitLower)))
            throw lines.Error($"'{PatchNames.Show(lines.Current)}' is no 'index' line; it looks like 'index 1a2b3c4..5d6e7f8 100644'.");
        HasIndex = true;
        HasFullIndex = names.All(n => n.Length is 40 or 64);
        SameContent = string.Equals(names[0], names[1], StringComparison.Ordinal);
        if (space < 0) return;
        var mode = Mode(lines, text[(space + 1)..]);
        OldMode ??= mode;
        NewMode ??= mode;
    }
}
