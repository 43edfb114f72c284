using System.Globalization;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>The real program, killed by the kernel at each of its system calls that changes something.</summary>
internal sealed class OutsideKills : StressCase
{
    public override string Name => "kills";

    public override string What => "the real tarscli dies of SIGKILL at every write, rename, fsync, unlink and mkdir, SQLite's among them (needs strace)";

    public override Task RunAsync(StressRun run) => run.EachAsync(KilledProgram.Names, (name, place) =>
    {
        var (program, tried, died) = (new KilledProgram(place, name), 0, 0);
        foreach (var (call, number) in program.Points.TakeWhile(_ => !run.IsOver))
        {
            var (isDead, problem) = program.Kill(call, number);
            run.Tried(string.Create(CultureInfo.InvariantCulture, $"{name}, {call} {number}"), problem);
            tried++;
            if (isDead) died++;
        }
        // The program's threads share its calls out anew each time, so some of them have fewer than were counted; most must have as many.
        run.Tried($"{name}: most kills strike", died * 2 > tried ? null : string.Create(CultureInfo.InvariantCulture, $"only {died} of {tried} did"));
        run.Note(string.Create(CultureInfo.InvariantCulture, $"{name}: {program.Points.Count} calls, {tried} tried, died at {died}"));
    });
}
