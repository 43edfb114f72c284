using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tars.Stress.Model;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Random sequences of all that can happen, on a codebase and on a model of a few lines; the two must never differ.</summary>
/// <param name="isWholeJourney">From the list of improvements to the rollback, and not the transactions alone.</param>
internal sealed class ModelCase(bool isWholeJourney) : StressCase
{
    private const int Length = 50, AtOnce = 10;

    private static readonly Gen<int> path = Gen.Choose(0, ModelTree.Paths - 1), content = Gen.Choose(0, 5), killed = Gen.Frequency((3, Gen.Constant(-1)), (1, Gen.Choose(0, 250)));
    private static readonly Gen<(int Path, int Content)[]> edits = Gen.Choose(1, 4).SelectMany(count => (from at in path from what in content select (at, what)).ArrayOf(count));
    private static readonly Gen<bool> coin = Gen.Elements(true, false);

    private static readonly Gen<ModelOperation>
        land = from what in edits from two in coin from at in killed select (ModelOperation)new ModelOperation.Land(what, two, at),
        propose = from what in edits from two in coin select (ModelOperation)new ModelOperation.Propose(what, two),
        execute = from which in Gen.Choose(0, 20) from now in coin from validate in Gen.Elements(true, false, false) from at in killed select (ModelOperation)new ModelOperation.Execute(which, now, validate, at),
        decide = from which in Gen.Choose(0, 20) from yes in Gen.Elements(true, true, false) from at in killed select (ModelOperation)new ModelOperation.Decide(which, yes, at),
        edit = from at in path from what in content select (ModelOperation)new ModelOperation.Edit(at, what),
        rollBack = from which in Gen.Choose(0, 20) from file in Gen.Choose(-4, 3) from force in Gen.Elements(true, false, false) from at in killed select (ModelOperation)new ModelOperation.RollBack(which, file, force, at),
        collect = Gen.Constant((ModelOperation)new ModelOperation.Collect());

    private readonly Gen<ModelOperation> operations = isWholeJourney
        ? Gen.Frequency((4, propose), (5, execute), (3, decide), (2, edit), (3, rollBack), (1, collect))
        : Gen.Frequency((6, land), (3, edit), (4, rollBack), (1, collect));

    public override string Name => isWholeJourney ? "journey" : "model";

    public override string What => isWholeJourney
        ? "random improvements, executions, reviews, edits, rollbacks, kills, compared with a model after each"
        : "random landings, edits, rollbacks and kills, compared with a model after each";

    public override Task RunAsync(StressRun run) => Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(thread => Task.Run(() => Run(run, thread))));

    private void Run(StressRun run, int thread)
    {
        var sequences = Arb.From(operations.ArrayOf(Length), Shorter);
        for (var round = thread; !run.IsOver; round += Environment.ProcessorCount)
        {
            var seed = (ulong)((run.Seed * 1_000_003) + round);
            try
            {
                Prop.ForAll(sequences, sequence => Holds(run, sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(AtOnce).WithReplay(seed, (seed * 2) + 1));
            }
            catch (Exception failed)
            {
                run.Tried(string.Create(CultureInfo.InvariantCulture, $"round {round}"), failed.Message);
            }
        }
    }

    private void Holds(StressRun run, ModelOperation[] sequence)
    {
        using var temp = new TempFolder(inMemory: true);
        if (isWholeJourney)
        {
            using var world = new JourneyWorld(temp.File("world"));
            Hold(run, sequence, operation => world.DoAsync(operation).GetAwaiter().GetResult(), world.End);
        }
        else
        {
            using var world = new ModelWorld(temp.File("world"));
            Hold(run, sequence, world.Do, world.End);
        }
    }

    private static void Hold(StressRun run, ModelOperation[] sequence, Func<ModelOperation, string?> act, Func<string?> end)
    {
        for (var i = 0; i < sequence.Length; i++)
        {
            if (act(sequence[i]) is { } problem) throw new InvalidOperationException($"operation {i + 1}, {sequence[i]}: {problem}");
            run.Tried("", null);
        }
        if (end() is { } atEnd) throw new InvalidOperationException(atEnd);
    }

    // Halves first, then without each.
    private static IEnumerable<ModelOperation[]> Shorter(ModelOperation[] sequence)
    {
        if (sequence.Length > 1)
        {
            yield return sequence[..(sequence.Length / 2)];
            yield return sequence[(sequence.Length / 2)..];
        }
        for (var i = 0; i < sequence.Length; i++) yield return [.. sequence[..i], .. sequence[(i + 1)..]];
    }
}
