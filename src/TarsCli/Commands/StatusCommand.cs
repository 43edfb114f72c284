using System.CommandLine;
using TarsCli.Output;
using TarsEngine.Review;

namespace TarsCli.Commands;

/// <summary>'execute status': every context, or one with its progress, findings, logs and errors.</summary>
internal static class StatusCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var context = Options.Context("The execution context to show (default: list all)");
        var detail = Options.Switch("--detail", "Show detailed status: the whole log, files, findings and the diff");
        var format = Options.FindingsFormat();
        var command = new TarsCommand("status", "Show the status of executions",
            ("tarscli execute status", "every context, the newest last"),
            ("tarscli execute status --context-id CTX-456 --detail", "one, with the whole log and the diff"),
            ("tarscli execute status --context-id CTX-456 --format json", "for programs; the schema carries a version"))
        {
            context, detail, format,
        };
        command.SetWork(composition, run =>
        {
            var wanted = run.Parsed.GetValue(format);
            if (wanted == ReportFormat.Sarif && run.Parsed.GetResult(context) is null)
                throw new UsageException("--format sarif shows the findings of one context.", "Name it: --context-id CTX-456.");
            return run.Parsed.GetResult(context) is null
                ? List(run, wanted == ReportFormat.Json)
                : Show(run, run.Parsed.GetValue(context), run.Parsed.GetValue(detail), wanted);
        });
        return command;
    }

    private static Ending List(CommandRun run, bool json)
    {
        var contexts = run.Codebase.Contexts.List();
        if (json)
        {
            run.Screen.AnswerRaw(new StatusDocument([.. contexts.Select(c => StatusItem.Of(run.Codebase, c))]).ToJson());
            return Ending.Done;
        }
        if (contexts.Count == 0)
        {
            run.Screen.Talk("Nothing was executed here yet. 'tarscli improve list' shows what can be.");
            return Ending.Done;
        }
        var table = new TextTable("Context", "State", "Improvement", "Steps", "Updated", "Title");
        foreach (var context in contexts)
        {
            var item = StatusItem.Of(run.Codebase, context);
            table.Add((item.Id, Style.Strong), (Words.Text(context.State) + (item.DryRun ? " (dry run)" : ""), Words.StyleOf(context.State)),
                (item.Improvement, Style.Plain), ($"{item.StepsDone}/{item.StepsTotal}", Style.Plain),
                (Words.Time(context.Updated), Style.Dim), (item.Title, Style.Plain));
        }
        table.Write(run.Screen);
        return Ending.Done;
    }

    private static Ending Show(CommandRun run, TarsEngine.Storage.ContextId id, bool detail, ReportFormat format)
    {
        if (run.Codebase.Contexts.Get(id) is not { } context) return Endings.ContextNotFound(id);
        if (format == ReportFormat.Sarif)
        {
            run.Screen.AnswerRaw(SarifLog.Write(Reports.FindingsOf(run.Codebase, context), run.Codebase.Root, CompositionRoot.Version));
            return Ending.Done;
        }
        var report = Reports.Of(run.Codebase, context, withLog: true, withDiff: detail);
        if (format == ReportFormat.Json)
        {
            run.Screen.AnswerRaw((detail ? report : report with { Log = [] }).ToJson());
            return Ending.Done;
        }
        ReportText.Write(run.Screen, report, logLines: detail ? int.MaxValue : 20);
        foreach (var hint in Endings.NextSteps(context)) run.Screen.Talk("→ " + hint, Style.Accent);
        return Ending.Done;
    }
}
