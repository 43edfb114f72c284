using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TarsAutonomy.Schedule;

/// <summary>A part of each day in which a night may run: '22:00-06:00'. Its last minute is outside.</summary>
public sealed record AllowedWindow(TimeOnly From, TimeOnly To)
{
    public static bool TryRead(string text, [NotNullWhen(true)] out AllowedWindow? window)
    {
        window = null;
        if (text.Split('-') is not [var first, var second] || !TryTime(first, out var from) || !TryTime(second, out var to) || from == to) return false;
        window = new(from, to);
        return true;
    }

    /// <summary>When the clock on the wall shows its end; null when it isn't open at that time.</summary>
    internal DateTime? EndAfter(DateTime wall)
    {
        if (!TimeOnly.FromDateTime(wall).IsBetween(From, To)) return null;
        var end = wall.Date + To.ToTimeSpan();
        return end > wall ? end : end.AddDays(1);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:HH\\:mm}-{To:HH\\:mm}");

    // '24:00' is the day's end, as people write it.
    private static bool TryTime(string text, out TimeOnly time)
    {
        var trimmed = text.Trim();
        return TimeOnly.TryParseExact(trimmed == "24:00" ? "00:00" : trimmed, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
    }
}
