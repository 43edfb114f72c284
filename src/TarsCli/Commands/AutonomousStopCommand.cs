using System.CommandLine;
using TarsAutonomy.Sessions;
using TarsCli.Output;

namespace TarsCli.Commands;

/// <summary>'autonomous stop': sets the kill switch.</summary>
internal static class AutonomousStopCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var command = new TarsCommand("stop", "Stop the session that runs, and let none begin until 'autonomous resume'",
            ("tarscli autonomous stop", "within a second; nothing that landed is lost, and the task under way goes on with 'autonomous resume'"));
        command.SetWork(composition, run =>
        {
            var night = NightWork.Of(run, composition).Night;
            night.KillSwitch.Set($"set by {run.Reviewer} at {run.Clock.GetUtcNow():u}");
            var running = night.Store.List(last: 1) is [{ State: NightState.Running } newest] ? newest : null;
            run.Screen.Answer((running is not null ? $"{running.Id} is told to stop." : "No session runs; none will begin.", Style.Strong));
            run.Screen.Talk($"→ The kill switch is the file '{night.KillSwitch.Path}'; 'tarscli autonomous resume' clears it and goes on.", Style.Accent);
            return Ending.Done;
        });
        return command;
    }
}
