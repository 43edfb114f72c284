using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsAutonomy.Schedule;

/// <summary>What becomes of a night whose time passed while nobody was there to begin it.</summary>
public enum MissedNights
{
    /// <summary>The next one comes at its own time.</summary>
    Skip,

    /// <summary>However many were missed, one is begun as soon as it may.</summary>
    RunOnce,
}

/// <summary>When nights begin: 'autonomous.schedule'. Only the user's own configuration can say it.</summary>
public sealed record ScheduleSettings
{
    private static readonly string[] MissedWords = ["skip", "run-once"];

    public static ScheduleSettings Default { get; } = new();

    public CronText Cron { get; init; } = CronText.Nightly;

    /// <summary>Null: the machine's own.</summary>
    public TimeZoneInfo? TimeZone { get; init; }

    /// <summary>None: at any time.</summary>
    public IReadOnlyList<AllowedWindow> Windows { get; init; } = [];

    /// <summary>A night that still runs when its window ends is asked to stop; it can be resumed.</summary>
    public bool StopAtWindowEnd { get; init; }
    public MissedNights Missed { get; init; }

    public static ScheduleSettings Read(MapReader map)
    {
        var settings = new ScheduleSettings
        {
            Cron = ReadCron(map),
            TimeZone = ReadZone(map),
            Windows = ReadWindows(map),
            StopAtWindowEnd = map.OptionalBool("stop-at-window-end") ?? false,
            Missed = map.OptionalChoice("missed", MissedWords) == "run-once" ? MissedNights.RunOnce : MissedNights.Skip,
        };
        if (settings is { StopAtWindowEnd: true, Windows.Count: 0 }) map.Problem("stop-at-window-end", "There is no window whose end it could be; name one under 'windows'.");
        map.Done();
        // Any instant does: what comes at all comes within the years that are searched.
        if (map.Problems.Count == 0 && new NightSchedule(settings, TimeZoneInfo.Utc).Next(DateTimeOffset.UnixEpoch.AddYears(50)) is null)
            map.Problem("cron", $"'{settings.Cron}' never comes{(settings.Windows.Count > 0 ? " inside an allowed window" : "")}.");
        return settings;
    }

    private static CronText ReadCron(MapReader map)
    {
        if (map.OptionalString("cron") is not { } text) return CronText.Nightly;
        if (CronText.TryRead(text, out var cron, out var problem)) return cron;
        map.Problem("cron", problem);
        return CronText.Nightly;
    }

    private static TimeZoneInfo? ReadZone(MapReader map)
    {
        if (map.OptionalString("time-zone") is not { } name) return null;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone)) return zone;
        map.Problem("time-zone", $"The time zone '{ByteText.Display(name)}' is not known here; write a name such as 'Europe/Berlin' or 'UTC'. Names come from the package tzdata.");
        return null;
    }

    private static IReadOnlyList<AllowedWindow> ReadWindows(MapReader map)
    {
        var windows = new List<AllowedWindow>();
        foreach (var text in map.OptionalStrings("windows") ?? [])
        {
            if (AllowedWindow.TryRead(text, out var window)) windows.Add(window);
            else map.Problem("windows", $"'{ByteText.Display(text)}' is no window; write it as '22:00-06:00', which may go over midnight.");
        }
        return windows;
    }
}
