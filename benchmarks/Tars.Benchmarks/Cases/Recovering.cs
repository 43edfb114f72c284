using System.Globalization;
using Tars.Benchmarks.Measuring;
using TarsEngine.Files;
using TarsEngine.Worlds;

namespace Tars.Benchmarks.Cases;

/// <summary>The first thing that a command does after another one was killed in the middle of a landing.</summary>
[Sizes(1, 100, 1000)]
internal sealed class Recovering(int files) : BenchmarkCase
{
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"recovery/{files}");

    public override string What => string.Create(CultureInfo.InvariantCulture, $"the state opened and settled after a kill, with a landing of {files} files open");

    public override Task<IReadOnlyList<Variant>> PrepareAsync(Bench bench, CancellationToken cancellation)
    {
        var whole = Path.Combine(bench.Folder, "whole");
        using (var world = new CommitWorld(whole))
        {
            for (var i = 0; i < files; i++) Write(world.Code, i, "before");
        }
        var wanted = Path.Combine(bench.Folder, "wanted");
        for (var i = 0; i < files; i++) Write(wanted, i, "after");
        return Task.FromResult<IReadOnlyList<Variant>>(
        [
            Settled("nothing to settle", bench, whole),
            Settled("killed before its commit point: discarded", bench, Killed(bench, whole, wanted, "discarded", new KilledAt(1, 0))),
            Settled("killed halfway through its renames: finished", bench, Killed(bench, whole, wanted, "halfway", new KilledAt(2, (files + 1) / 2))),
        ]);
    }

    private static string Killed(Bench bench, string whole, string wanted, string name, KilledAt killer)
    {
        var folder = Deed.Copy(whole, Path.Combine(bench.Folder, name));
        // Contents are stored before: only the landing dies.
        using (var world = new CommitWorld(folder)) world.ChangeTo(wanted);
        try
        {
            using var world = new CommitWorld(folder, killer);
            var change = world.ChangeTo(wanted);
            killer.IsArmed = true;
            world.Commit(change);
            throw new InvalidOperationException("It was not killed.");
        }
        catch (KilledException)
        {
            return folder;
        }
    }

    private static Variant Settled(string name, Bench bench, string template)
    {
        var folder = Path.Combine(bench.Folder, "tried");
        return Variant.Timed(name, _ =>
        {
            using var world = new CommitWorld(folder);
            world.Transactions.Recover();
            return Task.CompletedTask;
        }) with { Before = _ =>
        {
            Deed.Copy(template, folder);
            return Task.CompletedTask;
        } };
    }

    private static void Write(string folder, int file, string word) => Shape.Write(folder, GeneratedRepository.PathOf(file), word + GeneratedRepository.TextOf(file, file));

    /// <summary>Once it is armed, dies after so many commits of the database and so many renames behind them; whatever is tried afterwards fails, too.</summary>
    private sealed class KilledAt(int commits, int renames) : ISeamObserver
    {
        private int commitsLeft = commits, renamesLeft = renames;

        public bool IsArmed { get; set; }

        public void Before(SeamCall call)
        {
            if (IsArmed && commitsLeft == 0 && renamesLeft == 0) throw new KilledException();
        }

        public void After(SeamCall call)
        {
            if (!IsArmed) return;
            if (commitsLeft > 0) commitsLeft -= call.Operation == "commit" ? 1 : 0;
            else if (renamesLeft > 0) renamesLeft -= call.Operation.StartsWith("rename", StringComparison.Ordinal) ? 1 : 0;
        }
    }
}
