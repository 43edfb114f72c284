using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsAutonomy.Reports;

/// <summary>How a morning report is written.</summary>
public enum ReportFormat
{
    Markdown,
    Html,
    Json,
}

/// <summary>What the morning report holds and where it goes: 'autonomous.report'. Only the user's own configuration can say it.</summary>
public sealed record ReportSettings
{
    private static readonly string[] FormatWords = ["markdown", "html", "json"];

    public static ReportSettings Default { get; } = new();

    public IReadOnlyList<ReportFormat> Formats { get; init; } = [ReportFormat.Markdown, ReportFormat.Html, ReportFormat.Json];

    /// <summary>Absolute; null: under the codebase's state.</summary>
    public string? Folder { get; init; }

    /// <summary>How long a person is taken to need for a line of such a change, tests and all.</summary>
    public int MinutesPerLine { get; init; } = 2;

    /// <summary>How many changed lines a person is taken to review in a minute: 300 an hour.</summary>
    public int ReviewLinesPerMinute { get; init; } = 5;

    /// <summary>The most lines of each task's diff.</summary>
    public int DiffLines { get; init; } = 400;

    public static ReportSettings Read(MapReader map)
    {
        var settings = new ReportSettings
        {
            Formats = ReadFormats(map),
            Folder = map.OptionalString("folder"),
            MinutesPerLine = map.OptionalInt("minutes-per-line", 1, 1000) ?? Default.MinutesPerLine,
            ReviewLinesPerMinute = map.OptionalInt("review-lines-per-minute", 1, 1000) ?? Default.ReviewLinesPerMinute,
            DiffLines = map.OptionalInt("diff-lines", 0, 100_000) ?? Default.DiffLines,
        };
        if (settings.Folder is { } folder && !folder.StartsWith('/')) map.Problem("folder", $"'{ByteText.Display(folder)}' is no absolute path; nothing in it is expanded.");
        map.Done();
        return settings;
    }

    private static IReadOnlyList<ReportFormat> ReadFormats(MapReader map)
    {
        if (map.OptionalStrings("formats") is not { } words) return Default.Formats;
        var formats = new List<ReportFormat>();
        foreach (var word in words)
        {
            if (Array.IndexOf(FormatWords, word) is >= 0 and var at) formats.Add((ReportFormat)at);
            else map.Problem("formats", $"'{ByteText.Display(word)}' is no format: {string.Join(", ", FormatWords)}.{NearestName.Hint(word, FormatWords)}");
        }
        return [.. formats.Distinct()];
    }
}
