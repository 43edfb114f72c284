using TarsAutonomy.Agents;
using TarsAutonomy.Alerts;
using TarsAutonomy.Constraints;
using TarsAutonomy.Reports;
using TarsAutonomy.Schedule;
using TarsAutonomy.Telemetry;
using TarsEngine.Configuration;
using TarsEngine.Documents;

namespace TarsAutonomy.Settings;

/// <summary>Everything that configuration says about agents and sessions.</summary>
public sealed record AutonomySettings
{
    private const string Key = "autonomous", AgentsKey = "agents";
    private string? userText;
    private string userFile = "";

    public SessionSettings Session { get; init; } = new();
    public AgentSettings Agents { get; init; } = AgentSettings.None;
    public ConstraintSettings UserConstraints { get; init; } = ConstraintSettings.None;
    public ConstraintSettings RepositoryConstraints { get; init; } = ConstraintSettings.None;
    public ScheduleSettings? Schedule { get; init; }
    public AlertSettings Alerts { get; init; } = AlertSettings.Default;
    public ReportSettings Report { get; init; } = ReportSettings.Default;
    public TelemetrySettings Telemetry { get; init; } = TelemetrySettings.Default;

    /// <summary>What the user's own file says.</summary>
    /// <param name="text">Null where there is none.</param>
    /// <exception cref="ConfigurationException">It can't be used.</exception>
    public static AutonomySettings Load(string? text, string fileName) => Load(text, fileName, new());

    private static AutonomySettings Load(string? text, string fileName, SessionSettings defaults)
    {
        var read = new AutonomySettings { Session = defaults, userText = text, userFile = fileName };
        if (text is null) return read;
        var document = DocumentReader.Read(text, fileName, ConfigurationFileReader.MaxLength);
        if (document.Root is MapNode && MapReader.Root(document, "The configuration") is { } root)
        {
            if (root.OptionalMap(AgentsKey) is { } agents) read = read with { Agents = AgentSettings.Read(agents) };
            if (root.OptionalMap(Key) is { } map) read = read.OfUser(map);
        }
        return document.Problems.Count == 0 ? read : throw new ConfigurationException(document.Problems.List);
    }

    /// <summary>The same where a codebase's constraints say how its sessions are run: the user's own word counts more.</summary>
    internal AutonomySettings Over(ConstraintsDocument document) => Load(userText, userFile, new SessionSettings().Documented(document));

    /// <summary>These, made stricter by the codebase's own file; with its problems.</summary>
    /// <param name="text">Of the session's base; null where there is none.</param>
    public AutonomySettings TightenedBy(string? text, out IReadOnlyList<DocumentProblem> problems)
    {
        problems = [];
        if (text is null) return this;
        var document = DocumentReader.Read(text, ConfigurationLoader.RepositoryFileName, ConfigurationFileReader.MaxLength);
        var tightened = this;
        if (document.Root is MapNode && MapReader.Root(document, "The configuration") is { } root && root.OptionalMap(Key) is { } map)
        {
            tightened = this with { Session = SessionSettings.Read(map, fromRepository: true, Session), RepositoryConstraints = Constraints(map, fromRepository: true) };
            foreach (var key in (string[])["schedule", "alerts", "report", "telemetry"])
                if (map.Has(key)) map.Problem(key, $"'{key}' belongs into the user's own configuration.");
            map.Done();
        }
        problems = document.Problems.List;
        return tightened;
    }

    /// <summary>The agent that works: the one that is asked for, or the user's default; null when there is none.</summary>
    public string? AgentName(string? asked) => asked ?? Agents.Default;

    private AutonomySettings OfUser(MapReader map)
    {
        var read = this with
        {
            Session = SessionSettings.Read(map, fromRepository: false, Session),
            UserConstraints = Constraints(map, fromRepository: false),
            Schedule = map.OptionalMap("schedule") is { } schedule ? ScheduleSettings.Read(schedule) : null,
            Alerts = map.OptionalMap("alerts") is { } alerts ? AlertSettings.Read(alerts) : Alerts,
            Report = map.OptionalMap("report") is { } report ? ReportSettings.Read(report) : Report,
            Telemetry = map.OptionalMap("telemetry") is { } telemetry ? TelemetrySettings.Read(telemetry) : Telemetry,
        };
        map.Done();
        return read;
    }

    private static ConstraintSettings Constraints(MapReader map, bool fromRepository) =>
        map.OptionalMap("constraints") is { } constraints ? ConstraintSettings.Read(constraints, fromRepository) : ConstraintSettings.None;
}
