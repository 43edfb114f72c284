using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Tars.Stress.Model;
using Tars.Stress.Running;
using TarsEngine.Worlds;

namespace Tars.Stress.Cases;

/// <summary>Random sequences of all that can happen, through the engine and through a model of a few lines; the two must never differ.</summary>
internal sealed class ModelCase : StressCase
{
    private const int Length = 50, AtOnce = 10;

    private static readonly Gen<ModelOperation> operations = Gen.Frequency(
        (6, from edits in Gen.Choose(1, 4).SelectMany(count => (from path in Gen.Choose(0, ModelTree.Paths - 1) from content in Gen.Choose(0, 5) select (path, content)).ArrayOf(count))
            from two in Gen.Elements(true, false)
            from killed in Killed()
            select (ModelOperation)new ModelOperation.Land(edits, two, killed)),
        (3, from path in Gen.Choose(0, ModelTree.Paths - 1) from content in Gen.Choose(0, 5) select (ModelOperation)new ModelOperation.Edit(path, content)),
        (4, from which in Gen.Choose(0, 20) from file in Gen.Choose(-4, 3) from force in Gen.Elements(true, false, false) from killed in Killed() select (ModelOperation)new ModelOperation.RollBack(which, file, force, killed)),
        (1, Gen.Constant((ModelOperation)new ModelOperation.Collect())));

    public override string Name => "model";

    public override string What => "random landings, edits, rollbacks and kills, compared with a model after each";

    public override Task RunAsync(StressRun run) => Task.WhenAll(Enumerable.Range(0, Environment.ProcessorCount).Select(thread => Task.Run(() => Run(run, thread))));

    private static void Run(StressRun run, int thread)
    {
        var sequences = Arb.From(operations.ArrayOf(Length), Shorter);
        for (var round = thread; !run.IsOver; round += Environment.ProcessorCount)
        {
            var seed = (ulong)((run.Seed * 1_000_003) + round);
            try
            {
                Prop.ForAll(sequences, sequence => Holds(run, thread, sequence)).Check(Config.QuickThrowOnFailure.WithMaxTest(AtOnce).WithReplay(seed, (seed * 2) + 1));
            }
            catch (Exception failed)
            {
                run.Tried(string.Create(CultureInfo.InvariantCulture, $"round {round}"), failed.Message);
            }
        }
    }

    private static void Holds(StressRun run, int thread, ModelOperation[] sequence)
    {
        using var temp = new TempFolder(inMemory: true);
        using var world = new ModelWorld(temp.File("world"));
        for (var i = 0; i < sequence.Length; i++)
        {
            if (world.Do(sequence[i]) is { } problem) throw new InvalidOperationException($"operation {i + 1}, {sequence[i]}: {problem}");
            run.Tried("", null);
        }
        if (world.End() is { } atEnd) throw new InvalidOperationException(atEnd);
    }

    private static Gen<int> Killed() => Gen.Frequency((3, Gen.Constant(-1)), (1, Gen.Choose(0, 250)));

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
