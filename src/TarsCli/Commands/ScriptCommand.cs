using System.CommandLine;

namespace TarsCli.Commands;

/// <summary>'script': scripts in the sandbox.</summary>
internal static class ScriptCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("script", "Run a script that nobody has read yet, in the sandbox",
            ("tarscli script run report.py", "runs it; it sees itself and the system's programs, and changes nothing"))
        {
            ScriptRunCommand.Create(composition),
        };
}
