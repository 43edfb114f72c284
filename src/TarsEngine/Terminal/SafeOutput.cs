using System.Buffers;
using System.Globalization;

namespace TarsEngine.Terminal;

/// <summary>Makes text harmless: colours and other well-formed terminal sequences go, every other control or invisible character is shown by its number.</summary>
internal static class SafeOutput
{
    private const char Escape = '\u001b', Bell = '\u0007';

    /// <summary>Nothing in it has to be changed.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text) => IndexOfUnsafe(text) < 0;

    public static void Write(ReadOnlySpan<char> text, IBufferWriter<char> into)
    {
        for (int at; (at = IndexOfUnsafe(text)) >= 0;)
        {
            into.Write(text[..at]);
            text = text[at..];
            var length = text[0] == Escape ? SequenceLength(text) : 0;
            if (length == 0) into.Write(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)text[0]:x4}"));
            text = text[Math.Max(length, 1)..];
        }
        into.Write(text);
    }

    private static int IndexOfUnsafe(ReadOnlySpan<char> text)
    {
        // Nearly all output is plain: one vectorised look.
        var start = text.IndexOfAnyExceptInRange(' ', '~');
        if (start < 0) return -1;
        for (var i = start; i < text.Length; i++)
        {
            if (IsUnsafe(text[i])) return i;
        }
        return -1;
    }

    private static bool IsUnsafe(char c) => c != '\t' && (c < ' ' || (c >= '\u007f' && char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator));

    /// <summary>The length of a whole CSI or OSC sequence at the start; 0 for anything else.</summary>
    private static int SequenceLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 2) return 0;
        if (text[1] == '[')
        {
            for (var i = 2; i < text.Length; i++)
            {
                if (text[i] is >= '@' and <= '~') return i + 1;
                if (text[i] is < ' ' or > '?') return 0;
            }
        }
        else if (text[1] == ']')
        {
            for (var i = 2; i < text.Length; i++)
            {
                if (text[i] == Bell) return i + 1;
                if (text[i] == Escape) return i + 1 < text.Length && text[i + 1] == '\\' ? i + 2 : 0;
            }
        }
        return 0;
    }
}
