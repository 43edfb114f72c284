namespace TarsAutonomy.Schedule;

/// <summary>When nights begin, and how long they may go on. It looks at no clock: times come in.</summary>
/// <param name="machine">The zone for settings that name none.</param>
public sealed class NightSchedule(ScheduleSettings settings, TimeZoneInfo machine)
{
    /// <summary>A night that is begun no later than this counts as begun in time.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(5);

    // 29 February is at most eight years away; nobody reads further in a schedule.
    private const int MostYears = 9;
    private const int MostTries = 20_000;
    private readonly CronCalendar calendar = new(settings.Cron);

    public TimeZoneInfo Zone { get; } = settings.TimeZone ?? machine;

    public ScheduleSettings Settings => settings;

    /// <summary>The first time after this one at which a night begins; null when none ever does.</summary>
    public DateTimeOffset? Next(DateTimeOffset after)
    {
        var wall = WallClock.At(after, Zone);
        var horizon = wall.AddYears(MostYears);
        for (var tries = 0; tries < MostTries && calendar.Next(wall) is { } next && next < horizon; tries++)
        {
            wall = next;
            // Behind the hour that the clock shows twice, times come that had their turn already.
            if (WallClock.Instant(next, Zone) is var instant && instant > after && IsAllowed(instant)) return instant;
        }
        return null;
    }

    /// <summary>Whether a night may run now.</summary>
    public bool IsAllowed(DateTimeOffset at) => settings.Windows.Count == 0 || EndOfOpenWindow(WallClock.At(at, Zone)) is not null;

    /// <summary>When the window that is open now ends, with those that follow it without a break; null when it never does, or none is open.</summary>
    public DateTimeOffset? WindowEnd(DateTimeOffset at)
    {
        var wall = WallClock.At(at, Zone);
        DateTime? end = null;
        while (EndOfOpenWindow(end ?? wall) is { } next)
        {
            end = next;
            if (next - wall > TimeSpan.FromDays(2)) return null;
        }
        return end is null ? null : WallClock.Instant(end.Value, Zone);
    }

    /// <summary>Whether a night is to be begun now.</summary>
    /// <param name="lastRun">When the last one began, or since when somebody watches.</param>
    public bool IsDue(DateTimeOffset lastRun, DateTimeOffset now)
    {
        if (lastRun >= now || !IsAllowed(now)) return false;
        // Quartz counts whole seconds and answers what comes after one; 'now' itself counts.
        var recently = now - Grace;
        return Comes(recently > lastRun ? recently : lastRun) || (settings.Missed == MissedNights.RunOnce && Comes(lastRun));

        bool Comes(DateTimeOffset after) => Next(after) <= now;
    }

    private DateTime? EndOfOpenWindow(DateTime wall) => settings.Windows.Select(window => window.EndAfter(wall)).Max();
}
