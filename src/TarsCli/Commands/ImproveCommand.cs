using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'improve': the list of improvements.</summary>
internal static class ImproveCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("improve", "List, add and remove improvements",
            ("tarscli improve list", "improvements that can be executed"),
            ("git diff --binary | tarscli improve add -", "the working tree's changes as an improvement"),
            ("tarscli improve import --git main~3..main", "each commit as an improvement"))
        {
            ImproveListCommand.Create(composition),
            ImproveShowCommand.Create(composition),
            ImproveAddCommand.Create(composition),
            ImproveImportCommand.Create(composition),
            ImproveScanCommand.Create(composition),
            ImproveRemoveCommand.Create(composition),
        };
}
