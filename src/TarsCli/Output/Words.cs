using System.Globalization;
using System.Text;

namespace TarsCli.Output;

/// <summary>How states, severities and times are written and coloured, everywhere alike.</summary>
internal static class Words
{
    /// <summary>'AwaitingReview' → 'awaiting-review': stable, for JSON.</summary>
    public static string Id<T>(T value) where T : struct, Enum
    {
        var text = new StringBuilder();
        foreach (var c in value.ToString())
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }
        return text.ToString();
    }

    /// <summary>'awaiting review', for people.</summary>
    public static string Text<T>(T value) where T : struct, Enum => Id(value).Replace('-', ' ');

    public static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public static string Clock(DateTimeOffset time) => time.ToLocalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Bytes for people: '512 B', '3.4 MB'.</summary>
    public static string Size(long bytes)
    {
        string[] units = ["B", "KB", "MB", "GB", "TB"];
        var (value, unit) = ((double)bytes, 0);
        for (; value >= 1000 && unit < units.Length - 1; unit++) value /= 1024;
        return string.Create(CultureInfo.InvariantCulture, $"{value:0.#} {units[unit]}");
    }

    /// <summary>By a word as <see cref="Id{T}"/> writes it.</summary>
    public static Style StyleOf(string word) => word switch
    {
        "landed" or "pass" or "approved" or "applied" => Style.Good,
        "failed" or "fail" or "denied" or "conflicted" or "interrupted" or "error" => Style.Bad,
        "held" or "hold" or "rejected" or "partly-rolled-back" or "warning" or "cancelled" => Style.Warn,
        "awaiting-review" => Style.Accent,
        "info" or "debug" or "output" => Style.Dim,
        _ => Style.Plain,
    };

    public static Style StyleOf<T>(T value) where T : struct, Enum => StyleOf(Id(value));
}
