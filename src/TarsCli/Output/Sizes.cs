using System.Globalization;

namespace TarsCli.Output;

/// <summary>Numbers of bytes as people write them: '512M', '4G', '1500K'; a number alone is bytes. 1K is 1,024.</summary>
internal static class Sizes
{
    private const string Units = "KMGT";

    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var unit = text.Length > 0 ? Units.IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal) : -1;
        var digits = unit < 0 ? text : text[..^1];
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number <= 0) return false;
        var shift = 10 * (unit + 1);
        if (number > long.MaxValue >> shift) return false;
        bytes = number << shift;
        return true;
    }

    /// <summary>The shortest text that reads back as the same number.</summary>
    public static string Format(long bytes)
    {
        var unit = 0;
        while (unit < Units.Length && bytes % 1024 == 0 && bytes > 0)
        {
            bytes /= 1024;
            unit++;
        }
        return bytes.ToString(CultureInfo.InvariantCulture) + (unit == 0 ? "" : Units[unit - 1]);
    }
}
