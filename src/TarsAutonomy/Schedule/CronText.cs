using System.Diagnostics.CodeAnalysis;

namespace TarsAutonomy.Schedule;

/// <summary>A cron expression of five fields: minute, hour, day of month, month, day of week. What 'crontab' takes, and nothing else.</summary>
public sealed class CronText
{
    private static readonly char[] Blanks = [' ', '\t'];

    private CronText(string text, CronField minutes, CronField hours, CronField days, CronField months, CronField weekdays) =>
        (Text, Minutes, Hours, Days, Months, Weekdays) = (text, minutes, hours, days, months, weekdays);

    /// <summary>Every night at two, as the seeds have it.</summary>
    public static CronText Nightly { get; } = TryRead("0 2 * * *", out var cron, out _) ? cron : throw new InvalidOperationException("A constant.");

    /// <summary>As it was written, with one space between fields.</summary>
    public string Text { get; }
    internal CronField Minutes { get; }
    internal CronField Hours { get; }
    internal CronField Days { get; }
    internal CronField Months { get; }
    internal CronField Weekdays { get; }

    internal bool AnyDay => Days.IsEvery(CronFieldKind.Day);
    internal bool AnyWeekday => Weekdays.IsEvery(CronFieldKind.Weekday);

    /// <summary>cron's own rule: where both fields of days restrict, a day needs to match one of them only; a field with a star in front must match as well.</summary>
    internal bool EitherDay => !Days.BeginsWithStar && !Weekdays.BeginsWithStar;

    /// <param name="problem">What is wrong, for people.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out CronText? cron, out string problem)
    {
        (cron, problem) = (null, "");
        var fields = text.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length != 5)
        {
            problem = $"A cron expression has five fields (minute, hour, day of month, month, day of week), such as '0 2 * * *'; this has {fields.Length}.";
            return false;
        }
        try
        {
            cron = new(
                string.Join(' ', fields), CronField.Read(fields[0], CronFieldKind.Minute), CronField.Read(fields[1], CronFieldKind.Hour),
                CronField.Read(fields[2], CronFieldKind.Day), CronField.Read(fields[3], CronFieldKind.Month), CronField.Read(fields[4], CronFieldKind.Weekday));
            return true;
        }
        catch (FormatException wrong)
        {
            problem = wrong.Message;
            return false;
        }
    }

    public override string ToString() => Text;
}
