using System.Buffers;
using System.Text;

namespace TarsEngine.Terminal;

/// <summary>Takes a piece of a line, made safe to show; must not keep the span.</summary>
/// <param name="ends">It is the line's last one.</param>
internal delegate void LinePiece(ReadOnlySpan<char> text, bool ends);

/// <summary>
/// Cuts one stream's bytes into pieces of lines, in bounded memory: a line without an end comes in pieces.
/// Invalid UTF-8 becomes U+FFFD; CR LF and a lone CR (progress displays) end a line as LF does.
/// </summary>
internal sealed class LineReader(LinePiece take)
{
    private const int PieceCharacters = 64 * 1024;
    private readonly Decoder decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false).GetDecoder();
    private readonly char[] decoded = new char[PieceCharacters];

    // What has come of a line whose end has not.
    private readonly ArrayBufferWriter<char> begun = new();
    private readonly ArrayBufferWriter<char> safe = new();
    private bool afterReturn;

    public void Add(ReadOnlySpan<byte> bytes) => Decode(bytes, flush: false);

    /// <summary>Hands on what has no line end at the end of the stream.</summary>
    public void End()
    {
        Decode([], flush: true);
        if (begun.WrittenCount > 0) HandBegun(ends: true);
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
                begun.Write(text);
                if (begun.WrittenCount >= PieceCharacters) HandBegun(ends: false);
                return;
            }
            if (begun.WrittenCount == 0)
            {
                Hand(text[..end], ends: true);
            }
            else
            {
                begun.Write(text[..end]);
                HandBegun(ends: true);
            }
            afterReturn = text[end] == '\r';
            text = text[(end + 1)..];
        }
    }

    private void HandBegun(bool ends)
    {
        Hand(begun.WrittenSpan, ends);
        begun.ResetWrittenCount();
    }

    private void Hand(ReadOnlySpan<char> piece, bool ends)
    {
        if (SafeOutput.IsPlain(piece))
        {
            take(piece, ends);
            return;
        }
        safe.ResetWrittenCount();
        SafeOutput.Write(piece, safe);
        take(safe.WrittenSpan, ends);
    }
}
