using System.CommandLine;
using TarsAutonomy.NightShift;

namespace TarsCli.Commands;

/// <summary>'autonomous resume': clears the kill switch and goes on.</summary>
internal static class AutonomousResumeCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var wait = Options.Switch("--later", "Only clear the kill switch: the next scheduled session goes on");
        var command = new TarsCommand("resume", "Clear the kill switch, and go on with the session that was stopped",
            ("tarscli autonomous resume", "now"),
            ("tarscli autonomous resume --later", "when the schedule says so"))
        {
            wait,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var work = NightWork.Of(run, composition);
            work.Night.KillSwitch.Clear();
            return run.Parsed.GetValue(wait) ? Output.Ending.Done : await work.RunAsync(new NightRequest(), cancellation);
        });
        return command;
    }
}
