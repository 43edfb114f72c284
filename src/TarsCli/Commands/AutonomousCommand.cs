using System.CommandLine;
using TarsAutonomy.Schedule;

namespace TarsCli.Commands;

/// <summary>'autonomous': sessions in which agents work on the plan's ready tasks.</summary>
internal static class AutonomousCommand
{
    public static Command Create(CompositionRoot composition) =>
        new TarsCommand("autonomous", "Let agents work on the plan's ready tasks while you sleep",
            ("tarscli autonomous init", "writes a plan and constraints to begin with"),
            ("tarscli autonomous run", "one session, now: its commits are on a branch of their own"),
            ("tarscli autonomous report", "what landed, what didn't, and why"))
        {
            AutonomousInitCommand.Create(composition),
            AutonomousRunCommand.Create(composition),
            AutonomousStatusCommand.Create(composition),
            AutonomousStopCommand.Create(composition),
            AutonomousResumeCommand.Create(composition),
            AutonomousReportCommand.Create(composition),
            AutonomousInstallCommand.Create(composition, codebase => NightSettings.Of(codebase).Schedule ?? ScheduleSettings.Default),
        };
}
