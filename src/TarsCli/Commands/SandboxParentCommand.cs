using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'sandbox': what holds changes in while they are built and tested, and any command that a user gives it.</summary>
internal static class SandboxParentCommand
{
    public static Command Create(CompositionRoot composition) => new TarsCommand("sandbox", "The sandbox in which changes are built and tested",
        ("tarscli sandbox check", "shows what it enforces here"),
        ("tarscli sandbox run -- make test", "runs a command in it, on a copy of the codebase"))
    {
        SandboxCheckCommand.Create(composition),
        SandboxRunCommand.Create(composition),
    };
}
