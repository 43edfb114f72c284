using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'tasks': the plan of the codebase, and what of it an agent may do.</summary>
internal static class TasksCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("tasks", "List, check and approve the tasks of the plan",
            ("tarscli tasks list", "every task, and what speaks against it"),
            ("tarscli tasks check task_3", "may an agent do it without a person?"),
            ("tarscli tasks approve task_4", "your word for it"))
        {
            TasksListCommand.Create(composition),
            TasksShowCommand.Create(composition),
            TasksCheckCommand.Create(composition),
            TasksApproveCommand.Create(composition),
        };
}
