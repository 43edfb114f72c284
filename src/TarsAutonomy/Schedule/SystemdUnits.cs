using System.Globalization;
using System.Text;

namespace TarsAutonomy.Schedule;

/// <summary>A user's service and timer for systemd.</summary>
public static class SystemdUnits
{
    private static readonly string[] DayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

    public static string Service(Installation installation)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{installation.FirstLine}\n[Unit]\nDescription=TARS night shift on {Plain(installation.Codebase)}\n\n[Service]\nType=oneshot\n");
        // Nothing in the words is expanded (':').
        text.Append(CultureInfo.InvariantCulture, $"ExecStart=:{string.Join(' ', installation.Command.Select(Quote))}\n");
        if (installation.SearchPath is { } path) text.Append(CultureInfo.InvariantCulture, $"Environment={Quote("PATH=" + path)}\n");
        if (installation.VariablesFile is { } file) text.Append(CultureInfo.InvariantCulture, $"# Keys, as NAME=VALUE lines, for you alone to read (chmod 600).\nEnvironmentFile=-{Plain(file)}\n");
        // A night knows its own limits, and settles what it is at when it is asked to end.
        return text.Append("TimeoutStartSec=infinity\nKillMode=mixed\nTimeoutStopSec=5min\n").ToString();
    }

    public static string Timer(Installation installation)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{installation.FirstLine}\n[Unit]\nDescription=Begins the TARS night shift on {Plain(installation.Codebase)}\n\n[Timer]\n");
        foreach (var line in Calendar(installation.Schedule)) text.Append(CultureInfo.InvariantCulture, $"OnCalendar={line}\n");
        var catchUp = installation.Schedule is { Missed: MissedNights.RunOnce, Windows.Count: 0 };
        return text.Append(CultureInfo.InvariantCulture, $"Persistent={(catchUp ? "true" : "false")}\nAccuracySec=1s\n\n[Install]\nWantedBy=timers.target\n").ToString();
    }

    /// <summary>A cron expression as systemd's calendar events. Two where cron takes a day that matches either of its fields.</summary>
    public static IReadOnlyList<string> Calendar(ScheduleSettings schedule)
    {
        var cron = schedule.Cron;
        var time = $"{List(cron.Hours, CronFieldKind.Hour)}:{List(cron.Minutes, CronFieldKind.Minute)}:00{(schedule.TimeZone is { } zone ? " " + zone.Id : "")}";
        var months = List(cron.Months, CronFieldKind.Month);
        var weekdays = string.Join(',', cron.Weekdays.Values.Select(day => DayNames[day]));
        var byDay = $"*-{months}-{List(cron.Days, CronFieldKind.Day)} {time}";
        if (cron.AnyWeekday) return [byDay];
        if (cron.AnyDay) return [$"{weekdays} *-{months}-* {time}"];
        return cron.EitherDay ? [byDay, $"{weekdays} *-{months}-* {time}"] : [$"{weekdays} {byDay}"];
    }

    private static string List(CronField field, CronFieldKind kind) =>
        field.IsEvery(kind) ? "*" : string.Join(',', field.Values.Select(value => value.ToString("00", CultureInfo.InvariantCulture)));

    private static string Quote(string word) => $"\"{Plain(word).Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    // '%' begins one of systemd's specifiers everywhere.
    private static string Plain(string text) => text.Replace("%", "%%", StringComparison.Ordinal);
}
