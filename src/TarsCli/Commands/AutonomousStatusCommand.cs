using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using TarsAutonomy.Sessions;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'autonomous status': the sessions, and the tasks of the newest.</summary>
internal static class AutonomousStatusCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var format = Options.Format();
        var last = Options.Number("--last", "number", "How many sessions to show", 10, 1, 10_000);
        var command = new TarsCommand("status", "Show the sessions, and the tasks of the newest",
            ("tarscli autonomous status", "is one running, and what became of its tasks"),
            ("tarscli autonomous status --format json", "for programs; the schema carries a version"))
        {
            format, last,
        };
        command.SetWork(composition, run =>
        {
            var night = NightWork.Of(run, composition).Night;
            var sessions = night.History.List(run.Parsed.GetValue(last));
            if (run.Parsed.GetValue(format) == OutputFormat.Json)
            {
                run.Screen.AnswerRaw(JsonSerializer.Serialize(
                    new NightsDocument(NightsDocument.CurrentSchema, night.KillSwitch.IsSet, [.. sessions.Select(NightItem.Of)]), NightsJson.Default.NightsDocument));
                return Ending.Done;
            }
            if (night.KillSwitch.IsSet) run.Screen.Talk($"The kill switch is set ('{night.KillSwitch.Path}'): no session runs until 'tarscli autonomous resume'.", Style.Warn);
            if (sessions.Count == 0) run.Screen.Talk("There was no session yet. 'tarscli autonomous run' begins one.");
            else Show(run.Screen, sessions);
            return Ending.Done;
        });
        return command;
    }

    private static void Show(Screen screen, IReadOnlyList<NightSession> sessions)
    {
        var table = new TextTable("Session", "State", "Began", "Landed", "Failed", "Held", "Skipped", "Branch");
        foreach (var session in sessions)
        {
            table.Add((session.Id.ToString(), Style.Strong), (Words.Id(session.State), Style.Plain), (Words.Time(session.Started), Style.Dim),
                (Count(session, TaskOutcome.Landed), Style.Good), (Count(session, TaskOutcome.Failed), Style.Bad), (Count(session, TaskOutcome.Held), Style.Warn),
                (Count(session, TaskOutcome.Skipped), Style.Dim), (session.Branch, Style.Plain));
        }
        table.Write(screen);
        var newest = sessions[^1];
        screen.Answer(($"{newest.Id}{(newest.Ending is null ? "" : $": {newest.Ending}")}", Style.Strong));
        foreach (var task in newest.Tasks)
            screen.Answer(($"  {Words.Id(task.Outcome),-9}", Style.Plain), ($" {task.TaskId}  {task.Description}{(task.Reason is null ? "" : $": {task.Reason}")}", Style.Plain));
    }

    private static string Count(NightSession session, TaskOutcome outcome) =>
        session.Tasks.Count(task => task.Outcome == outcome).ToString(System.Globalization.CultureInfo.InvariantCulture);
}

internal sealed record NightsDocument(string Schema, bool KillSwitchSet, IReadOnlyList<NightItem> Sessions)
{
    public const string CurrentSchema = "tars/nights/v1";
}

/// <param name="State">'running', 'finished' or 'stopped'.</param>
internal sealed record NightItem(
    string Id, string State, DateTimeOffset Started, DateTimeOffset? Ended, string Branch, string BaseCommit, string Agent, string? Ending, IReadOnlyList<NightTaskItem> Tasks)
{
    public static NightItem Of(NightSession night) => new(
        night.Id.ToString(), Words.Id(night.State), night.Started, night.Ended, night.Branch, night.BaseCommit, night.Agent, night.Ending, [.. night.Tasks.Select(NightTaskItem.Of)]);
}

/// <param name="Outcome">'running', 'landed', 'failed', 'held', 'skipped' or 'abandoned'.</param>
internal sealed record NightTaskItem(
    string Task, string Description, string Outcome, string? Rule, string? Reason, string? Improvement, string? Commit, IReadOnlyList<string> Contexts)
{
    public static NightTaskItem Of(NightTask task) => new(
        task.TaskId, task.Description, Words.Id(task.Outcome), task.Rule, task.Reason, task.Improvement?.ToString(), task.Commit, [.. task.Attempts.Select(attempt => attempt.Context.ToString())]);
}

[JsonSerializable(typeof(NightsDocument))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class NightsJson : JsonSerializerContext;
