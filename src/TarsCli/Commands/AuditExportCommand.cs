using System.CommandLine;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'audit export': every entry as a line of JSON.</summary>
internal static class AuditExportCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var command = new TarsCommand("export", "Print the whole audit trail as JSON lines",
            ("tarscli audit export > audit.jsonl", "one entry a line, the oldest first"));
        command.SetWork(composition, run =>
        {
            foreach (var line in run.Codebase.Audit.ExportLines()) run.Screen.AnswerRaw(line);
            return Ending.Done;
        });
        return command;
    }
}
