using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'policy': what changes, commands and connections may do.</summary>
internal static class PolicyCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("policy", "What changes, commands and connections may do",
            ("tarscli policy check", "every rule in force, and where it came from"))
        {
            PolicyCheckCommand.Create(composition),
        };
}
