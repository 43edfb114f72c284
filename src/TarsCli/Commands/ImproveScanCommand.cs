using System.CommandLine;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Improvements;

namespace TarsCli.Commands;

/// <summary>'improve scan': what the codebase's own analyzers would mend, one improvement for each rule.</summary>
internal static class ImproveScanCommand
{
    private enum Severity
    {
        Info,
        Warn,
        Error,
    }

    public static Command Create(CompositionRoot composition)
    {
        var severity = Options.Choice("--severity", "Rules below it are left alone", Severity.Warn);
        var most = Options.Number("--most", "rules", "How many rules become improvements, those with the most places first", byDefault: 20, from: 1, to: 500);
        var command = new TarsCommand("scan", "Run the codebase's analyzers with their code fixes in the sandbox; each rule becomes an improvement",
            ("tarscli improve scan", "white space, code style and analyzers, as 'dotnet format' runs them"),
            ("tarscli improve scan --severity info --most 50", "suggestions too"))
        {
            severity, most,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var level = Words.Id(run.Parsed.GetValue(severity));
            switch (await run.Codebase.Scan.RunAsync(level, run.Parsed.GetValue(most), text => run.Screen.Talk(text, Style.Dim), cancellation))
            {
                case ScanFailed failed:
                    return new Ending(ExitCode.Failed, $"The scan failed: {failed.Reason}") { Details = failed.Tail, Hints = ["Where packages are missing, 'tarscli packages fetch' fetches them."] };
                case Scanned { Proposals: [] } nothing:
                    foreach (var notice in nothing.Notices) run.Screen.Talk(notice, Style.Warn);
                    return new Ending(ExitCode.Done, "Nothing to do: no fixer changes anything.");
                case Scanned scanned:
                    return ImproveAddCommand.Take(run, new Proposed(scanned.Proposals, scanned.Notices), "scan", proposal => proposal);
                case var other:
                    throw new InvalidOperationException($"An outcome without an ending: {other.GetType().Name}.");
            }
        });
        return command;
    }
}
