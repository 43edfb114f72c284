using System.Globalization;
using TarsEngine.Files;

namespace TarsAutonomy.Schedule;

/// <summary>What one of the five fields may hold.</summary>
/// <param name="Names">Three letters each, for the numbers from <paramref name="Least"/> on; empty where there are none.</param>
internal sealed record CronFieldKind(string Name, int Least, int Most, IReadOnlyList<string> Names)
{
    public static CronFieldKind Minute { get; } = new("minute", 0, 59, []);
    public static CronFieldKind Hour { get; } = new("hour", 0, 23, []);
    public static CronFieldKind Day { get; } = new("day of month", 1, 31, []);
    public static CronFieldKind Month { get; } = new("month", 1, 12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]);

    /// <summary>7 is Sunday, too.</summary>
    public static CronFieldKind Weekday { get; } = new("day of week", 0, 7, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);
}

/// <summary>One field of a cron expression, read.</summary>
/// <param name="Values">The numbers that it means, ascending, each once; Sunday is 0.</param>
/// <param name="BeginsWithStar">How cron tells whether a field restricts: '*/2' doesn't, by its rule for the two fields of days.</param>
internal sealed record CronField(IReadOnlyList<int> Values, bool BeginsWithStar)
{
    /// <exception cref="FormatException">The message says what is wrong.</exception>
    public static CronField Read(string text, CronFieldKind kind)
    {
        var values = new SortedSet<int>();
        foreach (var part in text.Split(',')) values.UnionWith(ReadPart(part, kind));
        if (kind == CronFieldKind.Weekday && values.Remove(7)) values.Add(0);
        return new([.. values], text.StartsWith('*'));
    }

    /// <summary>True when it holds every number that there is.</summary>
    public bool IsEvery(CronFieldKind kind) => Values.Count == (kind == CronFieldKind.Weekday ? 7 : kind.Most - kind.Least + 1);

    private static IEnumerable<int> ReadPart(string part, CronFieldKind kind)
    {
        var slash = part.IndexOf('/', StringComparison.Ordinal);
        var range = slash < 0 ? part : part[..slash];
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        int first, last;
        if (range == "*") (first, last) = (kind.Least, kind == CronFieldKind.Weekday ? 6 : kind.Most);
        else if (dash < 0) first = last = Number(range, kind);
        else (first, last) = (Number(range[..dash], kind), Number(range[(dash + 1)..], kind));
        // 'fri-sun' is what people write, and cron's Sunday may stand at either end of the week.
        if (dash >= 0 && kind == CronFieldKind.Weekday && last == 0 && first > 0) last = 7;
        if (first > last) throw new FormatException($"'{ByteText.Display(part)}' in the field '{kind.Name}' runs backwards; write it as two ranges.");
        if (slash >= 0 && range != "*" && dash < 0)
            throw new FormatException($"'{ByteText.Display(part)}' in the field '{kind.Name}': a step needs a range or '*' before it, such as '{kind.Least}-{kind.Most}/{ByteText.Display(part[(slash + 1)..])}'.");
        var step = slash < 0 ? 1 : Digits(part[(slash + 1)..]) is > 0 and var given
            ? given
            : throw new FormatException($"'{ByteText.Display(part)}' in the field '{kind.Name}': a step is a whole number from 1.");
        for (var value = first; value <= last; value += step) yield return value;
    }

    private static int Number(string text, CronFieldKind kind)
    {
        for (var i = 0; i < kind.Names.Count; i++)
        {
            if (text.Equals(kind.Names[i], StringComparison.OrdinalIgnoreCase)) return kind.Least + i;
        }
        if (Digits(text) is { } number && number >= kind.Least && number <= kind.Most) return number;
        var names = kind.Names.Count > 0 ? $", or a name from '{kind.Names[0]}' to '{kind.Names[^1]}'" : "";
        throw new FormatException($"'{ByteText.Display(text)}' in the field '{kind.Name}' is no number from {kind.Least} to {kind.Most}{names}.");
    }

    private static int? Digits(string text) =>
        text.Length is 1 or 2 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
