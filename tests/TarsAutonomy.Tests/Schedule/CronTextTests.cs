using TarsAutonomy.Schedule;

namespace TarsAutonomy.Tests.Schedule;

public sealed class CronTextTests
{
    [Theory]
    [InlineData("0 2 * * *", "2025-01-01T00:00", "2025-01-01T02:00")]
    [InlineData("0 2 * * *", "2025-01-01T02:00", "2025-01-02T02:00")]
    [InlineData(" 30\t1-3/2  * * * ", "2025-01-01T02:00", "2025-01-01T03:30")]
    [InlineData("*/20 23 * * *", "2025-01-01T23:20", "2025-01-01T23:40")]
    [InlineData("0 2 * * 0", "2025-01-01T00:00", "2025-01-05T02:00")]
    [InlineData("0 2 * * 7", "2025-01-01T00:00", "2025-01-05T02:00")]
    [InlineData("0 2 * * sun", "2025-01-01T00:00", "2025-01-05T02:00")]
    [InlineData("0 2 * * 1-5", "2025-01-03T02:00", "2025-01-06T02:00")]
    [InlineData("0 2 * * Fri-Sun", "2025-01-05T02:00", "2025-01-10T02:00")]
    [InlineData("0 2 * * 5-7", "2025-01-04T02:00", "2025-01-05T02:00")]
    [InlineData("0 2 1 JAN,jul *", "2025-01-01T02:00", "2025-07-01T02:00")]
    [InlineData("0 2 29 2 *", "2025-01-01T00:00", "2028-02-29T02:00")]
    // A day that matches either field…
    [InlineData("0 2 13 * 5", "2025-01-01T00:00", "2025-01-03T02:00")]
    [InlineData("0 2 13 * 5", "2025-01-10T02:00", "2025-01-13T02:00")]
    // …and both, where one of them begins with a star.
    [InlineData("0 2 */2 * 1", "2025-01-01T00:00", "2025-01-13T02:00")]
    [InlineData("0 2 13 * */5", "2025-01-01T00:00", "2025-04-13T02:00")]
    public void A_line_stands_where_cron_takes_it_to_stand(string line, string after, string next)
    {
        Assert.True(CronText.TryRead(line, out var cron, out var problem), problem);
        Assert.Equal(DateTime.Parse(next), new CronCalendar(cron).Next(DateTime.Parse(after)));
    }

    [Theory]
    [InlineData("0 2 * *", "has five fields")]
    [InlineData("0 0 2 * * ?", "has five fields")]
    [InlineData("", "has five fields")]
    [InlineData("@daily", "has five fields")]
    [InlineData("60 2 * * *", "'60' in the field 'minute' is no number from 0 to 59")]
    [InlineData("0 24 * * *", "'24' in the field 'hour'")]
    [InlineData("0 2 0 * *", "'0' in the field 'day of month'")]
    [InlineData("0 2 * 13 *", "'13' in the field 'month' is no number from 1 to 12, or a name from 'jan' to 'dec'")]
    [InlineData("0 2 * * 8", "'8' in the field 'day of week'")]
    [InlineData("0 2 * * monday", "'monday'")]
    [InlineData("0 22-2 * * *", "runs backwards")]
    [InlineData("5/10 2 * * *", "a step needs a range")]
    [InlineData("*/0 2 * * *", "a step is a whole number from 1")]
    [InlineData("0 2 ? * *", "'?'")]
    [InlineData("0 2 L * *", "'L'")]
    [InlineData("0 2 * * 5#1", "'5#1'")]
    [InlineData("0,,5 2 * * *", "''")]
    [InlineData("-5 2 * * *", "''")]
    [InlineData("+5 2 * * *", "'+5'")]
    public void A_line_that_cron_would_not_take_is_refused_by_name(string line, string problem)
    {
        Assert.False(CronText.TryRead(line, out _, out var said));
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_lines_stand_on_the_same_minutes_as_a_walk_through_all_minutes(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 40; round++)
        {
            var line = string.Join(' ', Field(random, 0, 59), Field(random, 0, 23), Field(random, 1, 31), Field(random, 1, 12), Field(random, 0, 7));
            Assert.True(CronText.TryRead(line, out var cron, out var problem), problem);
            var calendar = new CronCalendar(cron);
            var from = new DateTime(2024, 2, 25).AddMinutes(random.Next(400_000));
            DateTime? walked = null;
            for (var at = from.AddMinutes(1); walked is null && at < from.AddDays(40); at = at.AddMinutes(1))
            {
                if (Matches(line.Split(' '), at)) walked = at;
            }
            var next = calendar.Next(from);
            Assert.True(walked is null ? next is null || next >= from.AddDays(40) : next == walked, $"'{line}' after {from:s}: {next:s}, walked {walked:s}");
        }
    }

    private static string Field(Random random, int least, int most)
    {
        var (a, b) = (random.Next(least, most + 1), random.Next(least, most + 1));
        return random.Next(6) switch
        {
            0 or 1 => "*",
            2 => $"*/{random.Next(1, most)}",
            3 => $"{Math.Min(a, b)}-{Math.Max(a, b)}/{random.Next(1, 9)}",
            4 => $"{a},{b}",
            _ => $"{Math.Min(a, b)}-{Math.Max(a, b)}",
        };
    }

    // Written anew and simply, from the manual of crontab.
    private static bool Matches(string[] fields, DateTime at)
    {
        if (!In(fields[0], at.Minute, 0, 59) || !In(fields[1], at.Hour, 0, 23) || !In(fields[3], at.Month, 1, 12)) return false;
        var day = In(fields[2], at.Day, 1, 31);
        var weekday = In(fields[4], (int)at.DayOfWeek, 0, 6) || (at.DayOfWeek == DayOfWeek.Sunday && !fields[4].StartsWith('*') && In(fields[4], 7, 0, 7));
        return fields[2].StartsWith('*') || fields[4].StartsWith('*') ? day && weekday : day || weekday;
    }

    private static bool In(string field, int value, int least, int most) => field.Split(',').Any(part =>
    {
        var halves = part.Split('/');
        var ends = halves[0] == "*" ? [least, most] : halves[0].Split('-').Select(int.Parse).ToArray();
        return value >= ends[0] && value <= ends[^1] && (value - ends[0]) % (halves.Length > 1 ? int.Parse(halves[1]) : 1) == 0;
    });
}
