using System.Globalization;
using System.Text;

namespace TarsAutonomy.Tasks;

/// <summary>Text whose UTF-8 somebody's editor once read in another encoding: '‚úÖ' and 'âœ…' were a check mark each.</summary>
internal static class Mojibake
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // Mac OS Roman, Windows-1252, Latin-1: the three in which it happens.
    private static readonly Encoding[] Sources = [.. ((int[])[10000, 1252, 28591]).Select(page =>
        CodePagesEncodingProvider.Instance.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback)
        ?? Encoding.GetEncoding(page, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback))];

    /// <summary>The text as it was meant. What isn't surely broken stays: a run of letters counts only if all of its bytes are UTF-8.</summary>
    public static string Repair(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange('\0', '\u007f')) return text;
        var repaired = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            var end = at;
            while (end < text.Length && text[end] > '\u007f') end++;
            if (end == at) repaired.Append(text[at++]);
            else
            {
                repaired.Append(Run(text[at..end]));
                at = end;
            }
        }
        return repaired.ToString();
    }

    private static string Run(string run)
    {
        // One letter is never several bytes that were.
        if (run.Length < 2) return run;
        foreach (var source in Sources)
        {
            try
            {
                var meant = StrictUtf8.GetString(source.GetBytes(run));
                if (!meant.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Control or UnicodeCategory.Format)) return meant;
            }
            catch (Exception error) when (error is EncoderFallbackException or DecoderFallbackException)
            {
                // Not this encoding.
            }
        }
        return run;
    }
}
