using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'audit': the trail of everything that was done.</summary>
internal static class AuditCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("audit", "Read, verify and export the trail of everything that was done",
            ("tarscli audit list", "the newest entries"),
            ("tarscli audit verify", "finds one changed, missing or cut byte"),
            ("tarscli audit export > audit.jsonl", "every entry as a line of JSON"))
        {
            AuditListCommand.Create(composition),
            AuditVerifyCommand.Create(composition),
            AuditExportCommand.Create(composition),
        };
}
