using System.Globalization;

namespace TarsEngine.Documents;

/// <summary>Spans of time as people write them: '90s', '5m', '1h30m', '250ms', '2d'.</summary>
public static class Durations
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)), ("s", TimeSpan.FromSeconds(1)), ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)), ("d", TimeSpan.FromDays(1)),
    ];

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        var previous = TimeSpan.MaxValue;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits is < 1 or > 9) return false;
            var amount = int.Parse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture);
            rest = rest[digits..];
            var letters = rest.IndexOfAnyExceptInRange('a', 'z');
            var unit = (letters < 0 ? rest : rest[..letters]).ToString();
            rest = letters < 0 ? [] : rest[letters..];
            var length = Units.FirstOrDefault(u => u.Unit == unit).Length;
            // Each unit smaller than the one before it, so that '5m5m' and '5s1h' are slips and not sums.
            if (length == TimeSpan.Zero || length >= previous || amount * length.TotalDays > 36_500) return false;
            duration += length * amount;
            previous = length;
        }
        return text.Length > 0;
    }

    /// <summary>The shortest text that reads back as the same span (to the millisecond).</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration < TimeSpan.FromMilliseconds(1)) return "0s";
        var text = "";
        foreach (var (unit, length) in Units.Reverse())
        {
            var amount = (long)(duration / length);
            if (amount == 0) continue;
            text += string.Create(CultureInfo.InvariantCulture, $"{amount}{unit}");
            duration -= length * amount;
        }
        return text;
    }
}
