using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace TarsEngine.Improvements;

/// <summary>Decodes the words of a mail header that are not ASCII (RFC 2047), in UTF-8 and Latin-1; others stay as they are.</summary>
internal static partial class MailWords
{
    public static string Decode(string text)
    {
        // The space between two encoded words belongs to neither.
        var joined = BetweenWords().Replace(text, "?=");
        return Word().Replace(joined, word => DecodeWord(word) ?? word.Value);
    }

    private static string? DecodeWord(Match word)
    {
        Encoding? encoding = word.Groups["charset"].Value.ToUpperInvariant() switch
        {
            "UTF-8" or "UTF8" or "US-ASCII" => Encoding.UTF8,
            "ISO-8859-1" or "LATIN1" => Encoding.Latin1,
            _ => null,
        };
        if (encoding is null) return null;
        var content = word.Groups["text"].Value;
        if (word.Groups["form"].Value is "b" or "B")
        {
            var bytes = new byte[content.Length];
            return Convert.TryFromBase64String(content, bytes, out var count) ? encoding.GetString(bytes, 0, count) : null;
        }
        var decoded = new List<byte>(content.Length);
        for (var i = 0; i < content.Length; i++)
        {
            if (content[i] != '=') decoded.Add(content[i] == '_' ? (byte)' ' : (byte)content[i]);
            else if (i + 2 < content.Length && byte.TryParse(content.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var one))
            {
                decoded.Add(one);
                i += 2;
            }
            else return null;
        }
        return encoding.GetString([.. decoded]);
    }

    [GeneratedRegex(@"=\?(?<charset>[\w-]+)\?(?<form>[qQbB])\?(?<text>[^?\s]*)\?=", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Word();

    [GeneratedRegex(@"\?=\s+(?==\?)", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex BetweenWords();
}
