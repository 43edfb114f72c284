using System.Text;

namespace TarsEngine.Review;

/// <summary>A file's bytes as the text they are, or the finding that they are none.</summary>
internal sealed record ContentText(string Text, string Encoding, string LineEndings)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Null for binary content.</summary>
    public static ContentText? Of(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (bytes.StartsWith(new byte[] { 0xEF, 0xBB, 0xBF })) return Make(StrictUtf8.GetString(bytes[3..]), "UTF-8 with byte order mark");
            if (bytes.StartsWith(new byte[] { 0xFF, 0xFE })) return Make(new UnicodeEncoding(false, true, true).GetString(bytes[2..]), "UTF-16");
            if (bytes.StartsWith(new byte[] { 0xFE, 0xFF })) return Make(new UnicodeEncoding(true, true, true).GetString(bytes[2..]), "UTF-16, big-endian");
            if (bytes.Contains((byte)0)) return null;
            return Make(StrictUtf8.GetString(bytes), "UTF-8");
        }
        catch (DecoderFallbackException)
        {
            // Old sources in a one-byte encoding are text for a reader, whatever the letters beyond ASCII mean.
            return bytes.Contains((byte)0) ? null : Make(System.Text.Encoding.Latin1.GetString(bytes), "not UTF-8, shown as Latin-1");
        }
    }

    /// <summary>Two texts for comparison: where both end every line with CRLF, the CR says nothing and is left out.</summary>
    public static (string Before, string After) Comparable(ContentText before, ContentText after) =>
        before.LineEndings is "CRLF" or "" && after.LineEndings is "CRLF" or ""
            ? (before.Text.Replace("\r\n", "\n", StringComparison.Ordinal), after.Text.Replace("\r\n", "\n", StringComparison.Ordinal))
            : (before.Text, after.Text);

    /// <summary>What differs although no letter does: encoding and line endings.</summary>
    public static IEnumerable<string> Notes(ContentText before, ContentText after)
    {
        if (before.Encoding != after.Encoding) yield return $"encoding: {before.Encoding} → {after.Encoding}";
        if (before.LineEndings != after.LineEndings && before.LineEndings.Length > 0 && after.LineEndings.Length > 0)
            yield return $"line endings: {before.LineEndings} → {after.LineEndings}";
    }

    private static ContentText Make(string text, string encoding)
    {
        int feeds = 0, pairs = 0;
        for (var at = text.IndexOf('\n'); at >= 0; at = text.IndexOf('\n', at + 1))
        {
            feeds++;
            if (at > 0 && text[at - 1] == '\r') pairs++;
        }
        return new(text, encoding, feeds == 0 ? "" : pairs == 0 ? "LF" : pairs == feeds ? "CRLF" : "mixed LF and CRLF");
    }
}
