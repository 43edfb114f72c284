using System.Text;

namespace TarsEngine.Terminal;

/// <summary>
/// Cuts one stream's bytes into pieces of lines, in bounded memory: a line without an end comes in pieces.
/// Invalid UTF-8 becomes U+FFFD; CR LF and a lone CR (progress displays) end a line as LF does.
/// </summary>
/// <param name="take">Gets each piece, and whether it ends its line.</param>
internal sealed class LineReader(Action<string, bool> take)
{
    private const int PieceCharacters = 64 * 1024;
    private readonly Decoder decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private readonly char[] decoded = new char[PieceCharacters];
    private readonly StringBuilder line = new();
    private bool afterReturn;

    public void Add(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

    /// <summary>Hands on what has no line end at the end of the stream.</summary>
    public void End()
    {
        Decode([], flush: true);
        if (line.Length > 0) Hand(ends: true);
    }

    private void Decode(ReadOnlySpan<byte> bytes, bool flush)
    {
        bool completed;
        do
        {
            decoder.Convert(bytes, decoded, flush, out var used, out var count, out completed);
            bytes = bytes[used..];
            Split(decoded.AsSpan(0, count));
        }
        while (!completed);
    }

    private void Split(ReadOnlySpan<char> text)
    {
        while (!text.IsEmpty)
        {
            if (afterReturn && text[0] == '\n') text = text[1..];
            afterReturn = false;
            var end = text.IndexOfAny('\n', '\r');
            if (end < 0)
            {
                line.Append(text);
                if (line.Length >= PieceCharacters) Hand(ends: false);
                return;
            }
            line.Append(text[..end]);
            afterReturn = text[end] == '\r';
            Hand(ends: true);
            text = text[(end + 1)..];
        }
    }

    private void Hand(bool ends)
    {
        var piece = line.ToString();
        line.Clear();
        take(SafeOutput.Of(piece), ends);
    }
}
