using System.CommandLine;
using TarsCli.Output;
using TarsAutonomy.NightShift;
using TarsAutonomy.Schedule;

namespace TarsCli.Commands;

/// <summary>'autonomous run': one session now, or one after the other by the schedule.</summary>
internal static class AutonomousRunCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var tasks = new Option<string[]>("--task") { Description = "Only this task; may be given several times (default: all that are ready)", HelpName = "task-id" };
        var retry = Options.Switch("--retry", "Try tasks again that failed before in the same way");
        var scheduled = Options.Switch("--scheduled", "Stay in the foreground, and run a session whenever 'autonomous: schedule:' of your configuration says so");
        var timed = Options.Switch("--in-window", "Begin nothing outside the windows of the schedule: for timers and cron");
        var command = new TarsCommand("run", "Run a session, or go on with one that was killed",
            ("tarscli autonomous run", "the ready tasks of the plan in HEAD, on a branch of their own"),
            ("tarscli autonomous run --task task_3", "only that one"),
            ("tarscli autonomous run --scheduled", "as a daemon in the foreground; 'autonomous install' writes a systemd unit"))
        {
            tasks, retry, scheduled, timed,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var work = NightWork.Of(run, composition);
            var request = new NightRequest { Retry = run.Parsed.GetValue(retry), Tasks = run.Parsed.GetValue(tasks) is { Length: > 0 } names ? names : null };
            if (run.Parsed.GetValue(timed)) return await work.RunInWindowAsync(request, cancellation);
            if (!run.Parsed.GetValue(scheduled)) return await work.RunAsync(request, cancellation);
            if (work.Settings.Schedule is not { } schedule)
                throw new UsageException("There is no schedule.", "Write one under 'autonomous: schedule:' in your own configuration: docs/night-shift-operations.md.");
            await NightDaemon.RunAsync(new NightSchedule(schedule, run.Clock.LocalTimeZone), work.LastStart, night => work.RunScheduledAsync(request, night), work.DeliverAsync, run.Clock, cancellation);
            return Ending.Done;
        });
        return command;
    }
}
