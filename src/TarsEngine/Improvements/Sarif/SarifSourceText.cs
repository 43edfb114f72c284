using System.Text;
using System.Text.Json;

namespace TarsEngine.Improvements.Sarif;

/// <summary>A file's bytes with what SARIF's regions count in them: lines, columns, characters, bytes.</summary>
internal sealed class SarifSourceText
{
    private const int Stride = 4096;
    private static readonly string[] UsualNewlines = ["\r\n", "\n"];

    private readonly byte[] bytes;
    private readonly Encoding? encoding;
    private readonly int preamble;
    private readonly string text = "";
    private readonly List<(int Start, int End)> lines = [];
    private readonly List<(int Character, int Byte)> milestones = [];
    private readonly bool? countsCodePoints;

    /// <param name="declared">The encoding that the SARIF log names; a byte order mark counts more.</param>
    /// <param name="newlines">What parts lines in this run; null for the usual.</param>
    /// <param name="countsCodePoints">Whether columns count code points instead of UTF-16 code units; null where the run doesn't say.</param>
    public SarifSourceText(byte[] bytes, string? declared, IReadOnlyList<string>? newlines, bool? countsCodePoints)
    {
        this.bytes = bytes;
        this.countsCodePoints = countsCodePoints;
        (encoding, preamble) = Recognize(bytes, declared);
        if (encoding is null) return;
        text = encoding.GetString(bytes, preamble, bytes.Length - preamble);
        SetMilestones();
        SplitLines(newlines is { Count: > 0 } ? newlines : UsualNewlines);
    }

    /// <summary>The first and the last byte (exclusive) of a region.</summary>
    /// <param name="problem">Why it is none in this file.</param>
    public (int Start, int End)? Locate(JsonElement region, out string problem)
    {
        problem = "The region says neither a line nor an offset.";
        (int, int)? byLine = null, byChar = null, byByte = null;
        if (region.Number("startLine") is not null && (byLine = ByLine(region, out problem)) is null) return null;
        if (region.Number("charOffset") is >= 0 and var offset && (byChar = ByCharacter(offset, region.Number("charLength") ?? 0, out problem)) is null) return null;
        if (region.Number("byteOffset") is >= 0 and var first && (byByte = ByByte(first, region.Number("byteLength") ?? 0, out problem)) is null) return null;
        (int, int)[] said = [.. new[] { byLine, byChar, byByte }.OfType<(int, int)>()];
        if (said.Distinct().Count() > 1) problem = "The region's lines and offsets name different places.";
        return said.Distinct().Count() == 1 ? said[0] : null;
    }

    /// <summary>Text as bytes of this file; null where its encoding can't say it.</summary>
    public byte[]? Encode(string inserted)
    {
        try
        {
            return encoding?.GetBytes(inserted);
        }
        catch (EncoderFallbackException)
        {
            return null;
        }
    }

    private (int, int)? ByLine(JsonElement region, out string problem)
    {
        var startLine = region.Number("startLine")!.Value;
        var endLine = region.Number("endLine") ?? startLine;
        problem = encoding is null ? "The file's encoding isn't known, so its lines can't be counted." : "The region lies outside of the file.";
        // The line behind the last newline is there, though empty.
        if (encoding is null || startLine < 1 || endLine < startLine || endLine > lines.Count) return null;
        if (Column(startLine, region.Number("startColumn") ?? 1, ref problem) is not { } start) return null;
        var end = region.Number("endColumn") is { } endColumn ? Column(endLine, endColumn, ref problem) : lines[endLine - 1].End;
        return end is { } to && to >= start ? Bytes(start, to, ref problem) : null;
    }

    // A column behind the line's end is the beginning of the next line, newline included: so tools delete whole lines.
    private int? Column(int line, int column, ref string problem)
    {
        var (start, end) = lines[line - 1];
        if (column < 1) return null;
        if (countsCodePoints is false) return start + column - 1 <= end ? start + column - 1 : null;
        var at = start;
        var sawPair = false;
        for (var counted = 1; counted < column; counted++)
        {
            if (at >= end) return null;
            var isPair = char.IsHighSurrogate(text[at]) && at + 1 < end && char.IsLowSurrogate(text[at + 1]);
            sawPair |= isPair;
            at += isPair ? 2 : 1;
        }
        if (countsCodePoints is true || !sawPair) return at;
        problem = "The log doesn't say how it counts columns (columnKind), and the line holds characters that count differently.";
        return null;
    }

    private (int, int)? ByCharacter(int offset, int length, out string problem)
    {
        problem = encoding is null ? "The file's encoding isn't known, so its characters can't be counted." : "The region lies outside of the file.";
        if (encoding is null || length < 0 || offset > text.Length || length > text.Length - offset) return null;
        if (countsCodePoints is not false && text.AsSpan(0, offset + length).ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            problem = "Characters are counted, and the file holds some that count differently in different tools.";
            return null;
        }
        return Bytes(offset, offset + length, ref problem);
    }

    private (int, int)? ByByte(int offset, int length, out string problem)
    {
        problem = "The region lies outside of the file.";
        return length < 0 || offset > bytes.Length || length > bytes.Length - offset ? null : (offset, offset + length);
    }

    private (int, int)? Bytes(int start, int end, ref string problem)
    {
        if (!SplitsPair(start) && !SplitsPair(end)) return (ByteAt(start), ByteAt(end));
        problem = "The region begins or ends within a character.";
        return null;
    }

    private bool SplitsPair(int position) => position > 0 && position < text.Length && char.IsHighSurrogate(text[position - 1]) && char.IsLowSurrogate(text[position]);

    private int ByteAt(int position)
    {
        var (at, offset) = milestones[Math.Max(0, (position / Stride) - 1)];
        return offset + encoding!.GetByteCount(text.AsSpan(at, position - at));
    }

    // Every so many characters the byte that they begin at, so that no place costs a walk from the file's beginning.
    private void SetMilestones()
    {
        var (at, offset) = (0, preamble);
        while (true)
        {
            milestones.Add((at, offset));
            var next = Math.Min(text.Length, (milestones.Count * Stride) - (SplitsPair(milestones.Count * Stride) ? 1 : 0));
            if (next <= at) return;
            offset += encoding!.GetByteCount(text.AsSpan(at, next - at));
            at = next;
        }
    }

    private void SplitLines(IReadOnlyList<string> newlines)
    {
        var marks = newlines.Where(mark => mark.Length > 0).OrderByDescending(mark => mark.Length).ToList();
        var start = 0;
        for (var at = 0; at < text.Length;)
        {
            var mark = marks.Find(one => string.CompareOrdinal(text, at, one, 0, one.Length) == 0);
            if (mark is null)
            {
                at++;
                continue;
            }
            lines.Add((start, at));
            start = at += mark.Length;
        }
        lines.Add((start, text.Length));
    }

    // Bytes that are not what they are said to be are not guessed at.
    private static (Encoding? Encoding, int Preamble) Recognize(byte[] bytes, string? declared)
    {
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) return Sure(new UTF8Encoding(false, true), bytes, 3);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFF, 0xFE])) return Sure(new UnicodeEncoding(false, false, true), bytes, 2);
        if (bytes.AsSpan().StartsWith((ReadOnlySpan<byte>)[0xFE, 0xFF])) return Sure(new UnicodeEncoding(true, false, true), bytes, 2);
        return declared?.ToUpperInvariant() switch
        {
            null or "UTF-8" or "UTF8" or "US-ASCII" or "ASCII" => Sure(new UTF8Encoding(false, true), bytes, 0),
            "UTF-16LE" => Sure(new UnicodeEncoding(false, false, true), bytes, 0),
            "UTF-16BE" => Sure(new UnicodeEncoding(true, false, true), bytes, 0),
            "ISO-8859-1" or "LATIN1" => (Encoding.GetEncoding("iso-8859-1", EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback), 0),
            _ => (null, 0),
        };
    }

    private static (Encoding?, int) Sure(Encoding encoding, byte[] bytes, int preamble)
    {
        try
        {
            encoding.GetCharCount(bytes, preamble, bytes.Length - preamble);
            return (encoding, preamble);
        }
        catch (DecoderFallbackException)
        {
            return (null, 0);
        }
    }
}
