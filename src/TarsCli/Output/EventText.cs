using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Planning;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>What happened, in a line of the log.</summary>
internal static class EventText
{
    public static ReportLogLine Of(ExecutionEvent happened)
    {
        var (level, text) = happened switch
        {
            StateChanged moved => ("info", $"{Words.Text(moved.From)} → {Words.Text(moved.To)}"),
            StageStarted stage => ("info", $"stage: {stage.Stage}"),
            StepStarted step => ("info", $"step {step.Step} …"),
            StepFinished { Error: { } error } step => ("error", $"step {step.Step}: {error}"),
            StepFinished step => ("info", $"step {step.Step}: {Words.Text(step.State)} after {Seconds(step.Duration)}"),
            OutputWritten line => ("output", line.Source is null ? line.Text : $"{line.Source}: {line.Text}"),
            FindingAdded { Finding: var found } => (Level(found.Severity), $"{Words.Text(found.Severity)} {found.Rule}{Place(found)}: {found.Message}"),
            TestFiguresReported tests => ("info", string.Create(CultureInfo.InvariantCulture,
                $"tests of the {tests.Run}: {tests.Passed} passed, {tests.Failed} failed, {tests.Skipped} skipped, {Seconds(tests.Duration)}")),
            AgentUsageReported { Agent: var agent, Usage: var used } => ("info", string.Create(CultureInfo.InvariantCulture,
                $"the agent '{agent}' says that it used {used.InputTokens} tokens in, {used.OutputTokens} out{(used.Cost is { } cost ? $", ${cost:0.00##}" : "")}")),
            LogWritten log => (Words.Id(log.Level), log.Text),
            ErrorReported error => ("error", error.Message),
            _ => throw new InvalidOperationException($"An event without words: {happened.GetType().Name}."),
        };
        return new(happened.Time, level, text);
    }

    private static string Level(Severity severity) => severity switch
    {
        Severity.Error => "error",
        Severity.Hold or Severity.Warning => "warning",
        _ => "info",
    };

    private static string Place(Finding found) => found.Path is null ? "" : $" {found.Path}{FindingText.Place(found.Line, found.Column)}";

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
