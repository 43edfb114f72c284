using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>The clock jumps by up to a year, forward and back, at every look at it: through landing, kill, recovery, rollback and collection, and through whole journeys.</summary>
internal sealed class Clocks : StressCase
{
    // A journey takes as long as many rounds.
    private const int RoundsPerJourney = 40;

    public override string Name => "clock";

    public override string What => "the clock jumps by up to a year at every look at it";

    public override async Task RunAsync(StressRun run)
    {
        var deeds = Deed.Names.Where(name => name != "many").Select(name => Deed.Make(name, Path.Combine(run.Folder, name))).ToList();
        var journeys = 0;
        for (var round = 0; !run.IsOver; round++)
        {
            var seed = run.Seed * 100_003 + round * 2;
            var deed = deeds[round % deeds.Count];
            run.Tried(string.Create(CultureInfo.InvariantCulture, $"round {round}, {deed.Name}"), ClockRound.Problem(deed, Path.Combine(run.Folder, "try"), seed));
            if (round % RoundsPerJourney != 0) continue;
            using var folder = new TempFolder();
            run.Tried(string.Create(CultureInfo.InvariantCulture, $"round {round}, a journey"), await ClockJourney.ProblemAsync(folder.Path, seed));
            journeys++;
        }
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{journeys} of them whole journeys"));
    }
}
