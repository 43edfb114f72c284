using System.Text;
using TarsEngine.Documents;

namespace TarsAutonomy.Tasks;

/// <summary>
/// A text file that people wrote, as lines that know their bytes: UTF-8 with or without a byte order mark, UTF-16 with one; a line that is
/// no UTF-8 is read as Latin-1 and said. Nothing of the bytes is lost, so that a line can be changed and all others stay as they are.
/// </summary>
internal sealed class PlanText
{
    /// <summary>4 MiB: a plan is read by people.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Encoding encoding;
    private readonly bool isAscii;

    private PlanText(byte[] bytes, Encoding encoding, IReadOnlyList<PlanLine> lines, bool isAscii) =>
        (Bytes, this.encoding, Lines, this.isAscii) = (bytes, encoding, lines, isAscii);

    public byte[] Bytes { get; }

    public IReadOnlyList<PlanLine> Lines { get; }

    /// <summary>Null, with a problem, for what is no text that people write.</summary>
    public static PlanText? Read(byte[] bytes, DocumentProblems problems)
    {
        if (bytes.Length > MaxBytes)
        {
            problems.Add(1, 1, $"The file has {bytes.Length:N0} bytes; the limit is {MaxBytes / (1024 * 1024)} MiB. Move what is done into another file.");
            return null;
        }
        var (encoding, mark) = EncodingOf(bytes);
        var (lines, isAscii) = (new List<PlanLine>(), false);
        for (var at = mark; at < bytes.Length;)
        {
            var (end, next) = encoding is UnicodeEncoding ? WideLine(bytes, at, encoding.CodePage == 1201) : Line(bytes, at);
            var text = Decode(bytes.AsSpan(at, end - at), encoding, out var isOdd);
            if (isOdd) problems.Add(lines.Count + 1, 1, "A byte of this line is not UTF-8; the line was read as Latin-1. Save the file as UTF-8.");
            isAscii |= isOdd;
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                problems.Add(lines.Count + 1, text.IndexOf('\0', StringComparison.Ordinal) + 1, "The file holds a NUL: it is no text, or UTF-16 without a byte order mark. Nothing of it was read; save it as UTF-8.");
                return null;
            }
            lines.Add(new(lines.Count + 1, at, end, next, text));
            at = next;
        }
        return new(bytes, encoding, lines, isAscii);
    }

    /// <summary>Text to stand in this file. A file of unknown encoding gets ASCII only.</summary>
    public byte[] Encode(string text) => encoding.GetBytes(isAscii ? string.Concat(text.Select(c => c < 128 ? c : '?')) : text);

    /// <summary>How many bytes a text takes here.</summary>
    public int Measure(string text) => encoding.GetByteCount(text);

    public ReadOnlySpan<byte> BytesOf(PlanLine line) => Bytes.AsSpan(line.Start, line.Next - line.Start);

    /// <summary>What ends a line here: as that line does, or the nearest before it, or the first one.</summary>
    public byte[] LineEnd(int index)
    {
        for (var at = index; at >= 0; at--)
        {
            if (Lines[at].Next > Lines[at].End) return Bytes[Lines[at].End..Lines[at].Next];
        }
        return Encode("\n");
    }

    private static (Encoding Encoding, int Mark) EncodingOf(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, ..] => (StrictUtf8, 3),
        [0xFF, 0xFE, ..] => (new UnicodeEncoding(bigEndian: false, byteOrderMark: false), 2),
        [0xFE, 0xFF, ..] => (new UnicodeEncoding(bigEndian: true, byteOrderMark: false), 2),
        _ => (StrictUtf8, 0),
    };

    private static string Decode(ReadOnlySpan<byte> bytes, Encoding encoding, out bool isOdd)
    {
        isOdd = encoding is UTF8Encoding && !System.Text.Unicode.Utf8.IsValid(bytes);
        return isOdd ? Encoding.Latin1.GetString(bytes) : encoding.GetString(bytes);
    }

    // A lone CR ends a line too, as Markdown has it: what a person sees as two lines must not be one here.
    private static (int End, int Next) Line(byte[] bytes, int at)
    {
        var length = bytes.AsSpan(at).IndexOfAny((byte)'\n', (byte)'\r');
        if (length < 0) return (bytes.Length, bytes.Length);
        var end = at + length;
        return (end, bytes[end] == '\r' && end + 1 < bytes.Length && bytes[end + 1] == '\n' ? end + 2 : end + 1);
    }

    private static (int End, int Next) WideLine(byte[] bytes, int at, bool isBigEndian)
    {
        for (var end = at; end + 1 < bytes.Length; end += 2)
        {
            var unit = Unit(end);
            if (unit == '\n' || unit == '\r') return (end, unit == '\r' && end + 3 < bytes.Length && Unit(end + 2) == '\n' ? end + 4 : end + 2);
        }
        return (bytes.Length, bytes.Length);

        int Unit(int index) => isBigEndian ? (bytes[index] << 8) | bytes[index + 1] : bytes[index] | (bytes[index + 1] << 8);
    }
}
