using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace TarsEngine.Permissions;

/// <summary>
/// Letters taken apart into base and marks, so that 'ü' is the same written either way. The runtime does not do this here: without ICU
/// ('InvariantGlobalization') it takes every text for normalized. Marks that stand on one letter keep their order.
/// </summary>
internal static class CanonicalForm
{
    // Hangul syllables are computed, as Unicode defines them.
    private const int FirstSyllable = 0xAC00, LastSyllable = 0xD7A3, Leading = 0x1100, Vowel = 0x1161, Trailing = 0x11A7, Vowels = 21, Trailings = 28;

    private static readonly Lazy<FrozenDictionary<char, string>> table = new(Load);

    public static string Of(string text)
    {
        if (text.All(char.IsAscii)) return text;
        var apart = new StringBuilder(text.Length + 8);
        foreach (var c in text) Append(apart, c);
        return apart.ToString();
    }

    public static void Append(StringBuilder text, char c)
    {
        if (c is >= (char)FirstSyllable and <= (char)LastSyllable)
        {
            var index = c - FirstSyllable;
            text.Append((char)(Leading + (index / (Vowels * Trailings)))).Append((char)(Vowel + (index / Trailings % Vowels)));
            if (index % Trailings > 0) text.Append((char)(Trailing + (index % Trailings)));
        }
        else if (table.Value.TryGetValue(c, out var apart))
        {
            text.Append(apart);
        }
        else
        {
            text.Append(c);
        }
    }

    // Each line a character and what it is made of, in hexadecimal; from Unicode's own data.
    private static FrozenDictionary<char, string> Load()
    {
        using var stream = typeof(CanonicalForm).Assembly.GetManifestResourceStream("Decompositions.txt")
            ?? throw new InvalidOperationException("The program was built without 'Decompositions.txt'.");
        using var reader = new StreamReader(stream);
        var found = new Dictionary<char, string>();
        while (reader.ReadLine() is { } line)
        {
            var codes = line.Split(' ').Select(code => (char)int.Parse(code, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            found[codes[0]] = new string(codes[1..]);
        }
        return found.ToFrozenDictionary();
    }
}
