using TarsEngine;
using TarsEngine.Review;

namespace TarsCli.Output;

/// <summary>What a run answers when it ends: the context in a few lines on standard output; how to go on, on standard error.</summary>
internal static class ExecutionAnswer
{
    public static Ending Give(CommandRun run, ExecutionOutcome outcome)
    {
        var ending = Endings.Of(outcome);
        if (Endings.ContextOf(outcome) is not { } id || run.Codebase.Contexts.Get(id) is not { } context) return ending;
        var report = Reports.Of(run.Codebase, context, withLog: true, withDiff: context.Options.OutputFolder is not null);
        if (context.Options.OutputFolder is { } folder) WriteReports(run, report, folder);
        ReportText.WriteEnd(run.Screen, report, withFindings: ending.Details.Count == 0);
        return ending with { Hints = [.. ending.Hints, .. ending.Code == ExitCode.Done ? Endings.NextSteps(context) : []] };
    }

    private static void WriteReports(CommandRun run, ExecutionReport report, string folder)
    {
        try
        {
            foreach (var path in report.WriteTo(folder)) run.Screen.Talk($"Written: {path}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // How the run ended is the answer; that its report is missing must not hide it.
            run.Screen.Talk($"The reports could not be written into '{folder}': {error.Message} 'tarscli execute status --context-id {report.Id} --detail' shows the same.", Style.Warn);
            return;
        }
        if ((Path.GetFullPath(folder) + "/").StartsWith(run.Codebase.Root + "/", StringComparison.Ordinal))
            run.Screen.Talk("The reports lie inside the codebase: unless they are ignored there, an approval tests the moved tree again.", Style.Warn);
    }
}
