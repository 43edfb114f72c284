using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'execute': the parent of everything that runs, watches, judges and takes back.</summary>
internal static class AutonomousExecutionCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("execute", "Execute improvements, watch, review and roll them back",
            ("tarscli execute improvement --id IMP-123 --dry-run", "everything but the commit"),
            ("tarscli execute status", "what ran, and how it stands"),
            ("tarscli execute rollback --context-id CTX-456 --all", "takes back what a run landed"))
        {
            ExecuteImprovementCommand.Create(composition),
            MonitorCommand.Create(composition),
            ReviewCommand.Create(composition),
            RollbackCommand.Create(composition),
            StatusCommand.Create(composition),
            CancelCommand.Create(composition),
        };
}
