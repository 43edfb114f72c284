using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace TarsEngine.Files;

/// <summary>File names as text without loss: bytes that are not UTF-8 become U+DC80..U+DCFF and back (PEP 383).</summary>
internal static class ByteText
{
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        if (Utf8.IsValid(bytes)) return Encoding.UTF8.GetString(bytes);
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var used) == System.Buffers.OperationStatus.Done)
            {
                text.Append(rune.ToString());
                bytes = bytes[used..];
                continue;
            }
            text.Append((char)(0xDC00 + bytes[0]));
            bytes = bytes[1..];
        }
        return text.ToString();
    }

    /// <param name="spare">So many zero bytes follow.</param>
    public static byte[] Encode(string text, int spare = 0)
    {
        if (!HasLoneSurrogate(text))
        {
            var plain = new byte[Encoding.UTF8.GetByteCount(text) + spare];
            Encoding.UTF8.GetBytes(text, plain);
            return plain;
        }
        var bytes = new List<byte>(text.Length);
        Span<byte> buffer = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                var length = rune.EncodeToUtf8(buffer);
                foreach (var one in buffer[..length]) bytes.Add(one);
                i += rune.Utf16SequenceLength - 1;
            }
            else if (text[i] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes.Add((byte)(text[i] - 0xDC00));
            }
            else
            {
                throw new FormatException($"The text holds half a surrogate pair at {i}: it names no file.");
            }
        }
        return [.. bytes, .. new byte[spare]];
    }

    /// <summary>True when half a surrogate pair stands alone: no text that a person wrote.</summary>
    public static bool HasLoneSurrogate(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')) return false;
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return true;
            i++;
        }
        return false;
    }

    /// <summary>For terminals and reports: what can't be seen, or would act on a terminal, is escaped.</summary>
    public static string Display(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('\\')) return text;
        var shown = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (c is >= '\uDC80' and <= '\uDCFF') shown.Append(CultureInfo.InvariantCulture, $"\\x{c - 0xDC00:x2}");
            else if (c == '\\') shown.Append(@"\\");
            else if (c == '\n') shown.Append(@"\n");
            else if (c == '\t') shown.Append(@"\t");
            else if (!char.IsSurrogate(c) && char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format
                     or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
                shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else shown.Append(c);
        }
        return shown.ToString();
    }
}
