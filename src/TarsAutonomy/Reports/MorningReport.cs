using System.Text.Json;
using System.Text.Json.Serialization;
using TarsAutonomy.Sessions;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.Reports;

/// <summary>
/// What a night did, for programs (JSON) and for people (Markdown, HTML). Fields are only ever added within a schema version; what is
/// absent is null or empty, never left out. Texts are as their authors wrote them: who shows them makes them safe.
/// </summary>
public sealed record MorningReport
{
    public const string CurrentSchema = "tars/night-report/v1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>'NIGHT-3'.</summary>
    public required string Night { get; init; }

    /// <summary>'running', 'finished' or 'stopped'.</summary>
    public required string State { get; init; }
    public DateTimeOffset Started { get; init; }
    public DateTimeOffset? Ended { get; init; }
    public double? Seconds { get; init; }
    public required string Branch { get; init; }
    public required string BaseCommit { get; init; }
    public required string Agent { get; init; }

    /// <summary>Why it ended, for people.</summary>
    public string? Ending { get; init; }
    public required NightSums Sums { get; init; }

    /// <summary>In the order in which they were taken up.</summary>
    public IReadOnlyList<TaskReport> Tasks { get; init; } = [];
    public required SuccessTrend Trend { get; init; }
    public required Productivity Productivity { get; init; }

    /// <param name="earlier">Other sessions, in any order; those after this one are left out.</param>
    /// <param name="details">The report of an execution, with its diff; null where its record is gone.</param>
    public static MorningReport Of(NightSession session, IReadOnlyList<NightSession> earlier, Func<ContextId, ExecutionReport?> details, ReportSettings settings)
    {
        IReadOnlyList<TaskReport> tasks = [.. session.Tasks.OrderBy(task => task.Ordinal).Select(task => TaskReport.Of(task, details, settings))];
        return new()
        {
            Night = session.Id.ToString(),
            State = ReportWords.Of(session.State),
            Started = session.Started,
            Ended = session.Ended,
            Seconds = (session.Ended - session.Started)?.TotalSeconds,
            Branch = session.Branch,
            BaseCommit = session.BaseCommit,
            Agent = session.Agent,
            Ending = session.Ending,
            Sums = NightSums.Of(session, tasks),
            Tasks = tasks,
            Trend = SuccessTrend.Of(session, earlier),
            Productivity = Productivity.Of(tasks, settings),
        };
    }

    public string ToJson() => JsonSerializer.Serialize(this, MorningJson.Default.MorningReport);

    /// <summary>Writes 'NIGHT-3.md', '.html' and '.json', as the settings say; each whole or not at all, also for somebody who reads along.</summary>
    /// <param name="defaultFolder">For settings that name none; made where it is missing.</param>
    /// <returns>The files' paths.</returns>
    public IReadOnlyList<string> WriteTo(string defaultFolder, ReportSettings settings)
    {
        var folder = settings.Folder ?? defaultFolder;
        Directory.CreateDirectory(folder);
        return [.. settings.Formats.Select(Write)];

        string Write(ReportFormat format)
        {
            var (suffix, text) = format switch
            {
                ReportFormat.Markdown => (".md", MarkdownMorning.Write(this)),
                ReportFormat.Html => (".html", HtmlMorning.Write(this)),
                _ => (".json", ToJson() + "\n"),
            };
            var path = Path.Combine(folder, Night + suffix);
            File.WriteAllText(path + ".new", text);
            File.Move(path + ".new", path, overwrite: true);
            return path;
        }
    }

    internal IEnumerable<TaskReport> Landed => Tasks.Where(task => task.Outcome == ReportWords.Landed);
    internal IEnumerable<TaskReport> Skipped => Tasks.Where(task => task.Outcome == ReportWords.Skipped);
    internal IEnumerable<TaskReport> NotLanded => Tasks.Where(task => task.Outcome is not (ReportWords.Landed or ReportWords.Skipped));
}

[JsonSerializable(typeof(MorningReport))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class MorningJson : JsonSerializerContext;
