using System.CommandLine;
using TarsAutonomy.Schedule;
using TarsCli.Output;
using TarsEngine;

namespace TarsCli.Commands;

/// <summary>'autonomous install': has the system begin the nights. Writes units of the user's own, or tells the line for a crontab.</summary>
internal static class AutonomousInstallCommand
{
    /// <param name="schedule">The settings in force for a codebase.</param>
    public static Command Create(CompositionRoot composition, Func<Codebase, ScheduleSettings> schedule)
    {
        var systemd = Options.Switch("--systemd", "Write a systemd service and timer for your user (the default)");
        var cron = Options.Switch("--cron", "Print the line for your crontab instead; it is never edited");
        var print = Options.Switch("--print", "Print the units, and write nothing");
        var name = new Option<string>("--name")
        {
            Description = "What the units are called; another name for each codebase",
            HelpName = "name",
            DefaultValueFactory = _ => Installation.DefaultName,
        };
        name.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is not { Length: > 0 and <= 64 } given || !given.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
                result.AddError("--name takes letters, digits, '-' and '_'.");
        });
        var command = new TarsCommand("install", "Have the system begin the nights: a systemd timer, or a line for cron",
            ("tarscli autonomous install", "writes tars-night.service and tars-night.timer, and tells how to switch them on"),
            ("tarscli autonomous install --print", "shows them, and writes nothing"),
            ("tarscli autonomous install --cron", "prints the line to put into your crontab"))
        {
            systemd, cron, print, name,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(systemd) && result.GetValue(cron)) result.AddError("--systemd and --cron exclude each other: choose one.");
        });
        command.SetWork(composition, run =>
        {
            var installation = new Installation(composition.Program, run.Codebase.Root, schedule(run.Codebase))
            {
                Name = run.Parsed.GetRequiredValue(name),
                ConfigurationFile = run.Parsed.GetValue(Options.Config) is { } file ? Path.GetFullPath(file) : null,
                SearchPath = composition.Variable("PATH"),
                VariablesFile = Path.Combine(composition.ConfigurationFolder, "tars", "environment"),
            };
            if (installation.Problem is { } odd) throw new UsageException(odd, "Move the codebase or the program to a path of ordinary characters.");
            return run.Parsed.GetValue(cron) ? TellLine(run, installation)
                : run.Parsed.GetValue(print) ? Print(run, installation)
                : WriteUnits(run, installation, Path.Combine(composition.ConfigurationFolder, "systemd", "user"));
        });
        return command;
    }

    private static Ending TellLine(CommandRun run, Installation installation)
    {
        if (CrontabLine.Problem(installation) is { } problem) throw new UsageException(problem, "Use --systemd.");
        run.Screen.AnswerRaw(CrontabLine.Of(installation));
        var notes = new List<string> { "Put this line into your crontab: type 'crontab -e'." };
        if (installation.Schedule.TimeZone is { } zone) notes.Add($"cron goes by the machine's time zone; the schedule's is {zone.Id}. Adjust the hour, or use --systemd.");
        if (installation.Schedule.Missed == MissedNights.RunOnce) notes.Add("cron does not make up for missed nights.");
        return new(ExitCode.Done) { Hints = [.. notes, .. Notes(installation)] };
    }

    private static Ending Print(CommandRun run, Installation installation)
    {
        run.Screen.AnswerRaw($"# {installation.Name}.service\n{SystemdUnits.Service(installation)}\n# {installation.Name}.timer\n{SystemdUnits.Timer(installation)}".TrimEnd('\n'));
        return Ending.Done;
    }

    private static Ending WriteUnits(CommandRun run, Installation installation, string folder)
    {
        var (service, timer) = (Path.Combine(folder, installation.Name + ".service"), Path.Combine(folder, installation.Name + ".timer"));
        var foreign = UnitFile.Write([(service, SystemdUnits.Service(installation)), (timer, SystemdUnits.Timer(installation))]);
        if (foreign.Count > 0)
        {
            return new(ExitCode.Conflict, "Nothing was written: other files stand in the way.")
            {
                Details = foreign,
                Hints = ["They are not ours, or another codebase's: choose another --name, or move them away."],
            };
        }
        run.Screen.Answer(service);
        run.Screen.Answer(timer);
        return new(ExitCode.Done, "Written; nothing is switched on yet.")
        {
            Hints =
            [
                "Type: systemctl --user daemon-reload",
                $"Type: systemctl --user enable --now {installation.Name}.timer",
                "Type: loginctl enable-linger (or nights run only while you are logged in)",
                $"Keys that your agent needs go into {installation.VariablesFile}, as NAME=VALUE lines.",
                .. Notes(installation),
            ],
        };
    }

    private static IEnumerable<string> Notes(Installation installation)
    {
        if (installation.Schedule.Windows.Count > 0)
            yield return "The system knows nothing of your allowed windows; the daemon keeps them when a night is to begin.";
    }
}
