using System.Globalization;
using Quartz;

namespace TarsAutonomy.Schedule;

/// <summary>
/// On which minutes of the wall clock a cron expression stands. Quartz counts them; it is told lists of numbers only, so that none of its
/// extensions and differences to cron (days from 1, '?', 'L', no day by two fields) comes in. Time zones are <see cref="WallClock"/>'s.
/// </summary>
internal sealed class CronCalendar
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly CronExpression byDay;
    private readonly CronExpression? byWeekday;
    private readonly bool either;

    public CronCalendar(CronText cron)
    {
        var time = $"0 {List(cron.Minutes, CronFieldKind.Minute)} {List(cron.Hours, CronFieldKind.Hour)}";
        var months = List(cron.Months, CronFieldKind.Month);
        var days = Make($"{time} {List(cron.Days, CronFieldKind.Day)} {months} ?");
        var weekdays = Make($"{time} ? {months} {List(cron.Weekdays, CronFieldKind.Weekday, add: 1)}");
        (byDay, byWeekday) = cron.AnyWeekday ? (days, (CronExpression?)null) : cron.AnyDay ? (weekdays, null) : (days, weekdays);
        either = cron.EitherDay;
    }

    /// <summary>The first minute after <paramref name="wall"/>; null when none ever comes.</summary>
    public DateTime? Next(DateTime wall)
    {
        if (byWeekday is null) return Next(byDay, wall);
        return either ? Earlier(Next(byDay, wall), Next(byWeekday, wall)) : NextOfBoth(wall, byWeekday);
    }

    // Each leaps to where the other stands until they meet.
    private DateTime? NextOfBoth(DateTime wall, CronExpression other)
    {
        for (var day = Next(byDay, wall); day is not null;)
        {
            var weekday = Next(other, day.Value - Second);
            if (weekday is null || weekday == day) return weekday;
            day = Next(byDay, weekday.Value - Second);
            if (weekday == day) return day;
        }
        return null;
    }

    private static DateTime? Earlier(DateTime? one, DateTime? other) => one is null ? other : other is null || one < other ? one : other;

    private static DateTime? Next(CronExpression expression, DateTime wall) =>
        expression.GetNextValidTimeAfter(new DateTimeOffset(DateTime.SpecifyKind(wall, DateTimeKind.Unspecified), TimeSpan.Zero))?.DateTime;

    private static CronExpression Make(string text) => new(text, TimeZoneInfo.Utc);

    private static string List(CronField field, CronFieldKind kind, int add = 0) =>
        field.IsEvery(kind) ? "*" : string.Join(',', field.Values.Select(value => (value + add).ToString(CultureInfo.InvariantCulture)));
}
