using System.CommandLine;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'recover': settles what a killed command left. Opening the codebase does that; this says it as its answer.</summary>
internal static class RecoverCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var command = new TarsCommand("recover", "Settle what a killed command left, and say what that was",
            ("tarscli recover", "harmless at any time: every command does the same at its start"));
        command.SetWork(composition, run =>
        {
            run.Screen.Answer(run.Codebase.Notices.Count switch
            {
                0 => "Nothing to recover.",
                1 => "Recovered: 1 thing was settled.",
                var count => $"Recovered: {count} things were settled.",
            });
            return Ending.Done;
        });
        return command;
    }
}
