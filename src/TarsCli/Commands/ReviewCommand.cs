using System.CommandLine;
using TarsAutonomy.NightShift;
using TarsCli.Output;
using TarsEngine.Journey;
using TarsEngine.Planning;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsCli.Commands;

/// <summary>'execute review': shows a change, lands it, or discards it.</summary>
internal static class ReviewCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var context = Options.Context("The execution context to review");
        context.Required = true;
        var approve = Options.Switch("--approve", "Approve the changes: they land");
        var reject = Options.Switch("--reject", "Reject the changes: they are discarded");
        var comment = new Option<string>("--comment") { Description = "A comment for the review, recorded with it", HelpName = "text" };
        var format = Options.FindingsFormat();
        var command = new TarsCommand("review", "Review changes, then approve or reject them",
            ("tarscli execute review --context-id CTX-456", "shows the diff, the findings and the test figures"),
            ("tarscli execute review --context-id CTX-456 --format sarif", "the findings for a code host or an editor"),
            ("tarscli execute review --context-id CTX-456 --approve --comment \"Looks good!\"", "lands it, if the codebase is still the one it was tested on; else tests again first"),
            ("tarscli execute review --context-id CTX-456 --reject --comment \"Not now\"", "discards it"))
        {
            context, approve, reject, comment, format,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(approve) && result.GetValue(reject)) result.AddError("--approve and --reject exclude each other: choose one.");
            if (result.GetResult(comment) is not null && !result.GetValue(approve) && !result.GetValue(reject))
                result.AddError("--comment goes with --approve or --reject.");
        });
        command.SetWork(composition, async (run, cancellation) =>
        {
            var id = run.Parsed.GetValue(context);
            if (run.Parsed.GetValue(approve))
            {
                var conditions = run.Codebase.Contexts.Get(id) is { Options.Land: LandingPlace.Branch }
                    ? await HeldTasks.ConditionsOfAsync(run.Codebase, NightSettings.Of(run.Codebase), id, cancellation) : RunConditions.None;
                var outcome = await run.Codebase.Execution.ApproveAsync(id, run.Reviewer, run.Parsed.GetValue(comment), conditions, cancellation);
                return ExecutionAnswer.Give(run, outcome);
            }
            if (run.Parsed.GetValue(reject))
                return ExecutionAnswer.Give(run, await run.Codebase.Execution.RejectAsync(id, run.Reviewer, run.Parsed.GetValue(comment), cancellation));
            return Show(run, id, run.Parsed.GetValue(format));
        });
        return command;
    }

    private static Ending Show(CommandRun run, ContextId id, ReportFormat format)
    {
        if (run.Codebase.Contexts.Get(id) is not { } context) return Endings.ContextNotFound(id);
        if (format == ReportFormat.Sarif)
        {
            run.Screen.AnswerRaw(SarifLog.Write(Reports.FindingsOf(run.Codebase, context), run.Codebase.Root, CompositionRoot.Version));
            return Ending.Done;
        }
        var report = Reports.Of(run.Codebase, context, withLog: false, withDiff: true);
        if (format == ReportFormat.Json)
        {
            run.Screen.AnswerRaw(report.ToJson());
            return Ending.Done;
        }
        ReportText.Write(run.Screen, report, logLines: 0);
        // Who reads this sees it already: what is left is to decide.
        var hints = context is { State: ContextState.AwaitingReview or ContextState.Held, DryRun: false }
            ? [$"'tarscli execute review --context-id {id} --approve' lands it, --reject discards it."]
            : Endings.NextSteps(context);
        foreach (var hint in hints) run.Screen.Talk("→ " + hint, Style.Accent);
        return Ending.Done;
    }
}
