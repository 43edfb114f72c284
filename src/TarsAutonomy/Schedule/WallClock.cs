namespace TarsAutonomy.Schedule;

/// <summary>From what a clock on the wall shows to the instant, through the days on which it is put forward or back.</summary>
internal static class WallClock
{
    /// <summary>What it shows at an instant.</summary>
    public static DateTime At(DateTimeOffset instant, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(instant, zone).DateTime;

    /// <summary>
    /// When it shows this: the first time, where it does twice. What it never shows, because it is put forward over it, is the instant
    /// right after the gap.
    /// </summary>
    public static DateTimeOffset Instant(DateTime wall, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(wall))
        {
            // Gaps begin and end at whole minutes; the longest that ever was took a day.
            wall = wall.Date + new TimeSpan(wall.Hour, wall.Minute, 0);
            while (zone.IsInvalidTime(wall)) wall = wall.AddMinutes(1);
        }
        var offset = zone.IsAmbiguousTime(wall) ? zone.GetAmbiguousTimeOffsets(wall).Max() : zone.GetUtcOffset(wall);
        return new DateTimeOffset(wall, offset).ToUniversalTime();
    }
}
