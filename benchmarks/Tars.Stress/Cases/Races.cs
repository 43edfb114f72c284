using System.Diagnostics;
using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds.Racing;

namespace Tars.Stress.Cases;

/// <summary>Real processes on one codebase at once, some of which are killed; a user who edits it meanwhile; a folder that is swapped with a symlink.</summary>
internal sealed class Races : StressCase
{
    public const string RaceCommand = "--race";
    private const int Fewest = 2, Most = 16, Operations = 30;

    public override string Name => "races";

    public override string What => "2 to 16 processes, a user who edits, and symlinks that lead out, all at once";

    public static int Run(string[] arguments)
    {
        Racer.Parse(arguments).Run();
        return 0;
    }

    public override Task RunAsync(StressRun run)
    {
        var rounds = new int[3];
        var racers = 0;
        for (var round = 0; !run.IsOver; round++)
        {
            var (seed, kind) = (run.Seed * 100_003 + round, round % rounds.Length);
            var count = Fewest + new Random(seed).Next(Most - Fewest + 1);
            var folder = Path.Combine(run.Folder, "race");
            var race = new Race(Directory.CreateDirectory(folder).FullName, seed, Start);
            var problem = kind switch
            {
                0 => race.Alone(count, Operations),
                1 => race.WithUser(count, Operations),
                _ => race.WithSymlinks(count, Operations),
            };
            run.Tried(string.Create(CultureInfo.InvariantCulture, $"round {round}, {count} processes, {(kind == 0 ? "alone" : kind == 1 ? "a user edits" : "symlinks")}"), problem);
            Directory.Delete(folder, recursive: true);
            rounds[kind]++;
            racers += count;
        }
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{rounds[0]} alone, {rounds[1]} while a user edits, {rounds[2]} with symlinks; {racers} processes with up to {Operations} operations each"));
        return Task.CompletedTask;
    }

    private static Process Start(string[] arguments) =>
        Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["exec", typeof(Races).Assembly.Location, RaceCommand, .. arguments]) { RedirectStandardError = true, UseShellExecute = false })!;
}
