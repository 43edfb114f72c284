using TarsEngine.Changes;
using TarsEngine.Rollback;

namespace TarsEngine.Tests.Rollback;

/// <summary>A kill at every call through both seams, before and after it: the next process finds all-before or all-after.</summary>
public sealed class KillMatrixTests : IDisposable
{
    // In memory where possible: a simulated kill tests order, not the disk's own durability.
    private readonly TempFolder temp = new(inMemory: true);
    private readonly string place;

    public KillMatrixTests() => place = temp.Path;

    public static TheoryData<string> ShapeNames => [.. Shape.All.Select(s => s.Name)];

    public void Dispose() => temp.Dispose();

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Landing_killed_anywhere_is_all_or_nothing(string name) => Matrix(Deed.Make(name, place), step: name == "many" ? 37 : 1);

    [Theory]
    [InlineData("all")]
    [InlineData("transaction")]
    [InlineData("file")]
    public void Rollback_killed_anywhere_is_all_or_nothing(string kind) => Matrix(Deed.Make("rollback " + kind, place), step: 1);

    [Theory]
    [InlineData("cycle")]
    [InlineData("file-to-folder")]
    [InlineData("folder-to-file")]
    [InlineData("mixed")]
    public void Recovery_killed_anywhere_is_finished_by_the_next_one(string name)
    {
        var deed = Deed.Make(name, place);
        var calls = Count(deed);
        var tried = 0;
        // A few first deaths between the staging and the end, every second death.
        for (var first = calls; first < calls * 2; first += Math.Max(1, calls / (Killer.Everything ? 20 : 5)))
        {
            var half = Copy(deed.Template, "half");
            Killer.Die(half, new Killer(first, onlyMutating: true), deed.Act);
            for (var second = 0; ; second++)
            {
                var killer = new Killer(second, onlyMutating: true);
                var twice = Copy(half, "twice");
                if (!Killer.Die(twice, killer, world => world.Transactions.Recover())) break;
                tried++;
                Check(twice, deed, $"{name}, {first} then {second} ({killer.Where})");
            }
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {tried} double kills, none bad");
        Assert.NotEqual(0, tried);
    }

    [Fact]
    public void A_conflict_in_the_middle_killed_anywhere_keeps_the_users_bytes()
    {
        var template = Path.Combine(place, "template");
        ChangeSet change;
        using (var world = new CommitWorld(template))
        {
            Shape.Named("deep").Before(world.Code);
            change = world.Change(("a.txt", "A2"), ("b.txt", "B2"), ("new/x.txt", "x"), ("old/1/2/3/x.txt", null));
        }
        var before = CommitWorld.Scan(Path.Combine(template, "code"));
        IReadOnlyList<string> after;
        using (var world = new CommitWorld(Copy(template, "done")))
        {
            world.Commit(change);
            after = world.Scan();
        }
        var tried = 0;
        for (var point = 0; ; point++)
        {
            var folder = Copy(template, "try");
            var saved = false;
            var killer = new Killer(point, !Killer.Everything, call =>
            {
                if (saved || call.Operation != "rename-exchange" || !call.Target.EndsWith("/b.txt", StringComparison.Ordinal)) return;
                saved = true;
                File.WriteAllText(Path.Combine(folder, "code", "b.txt"), "the user's own");
            });
            var died = Killer.Die(folder, killer, world => Assert.IsType<CommitOutcome.Conflicted>(world.Commit(change)));
            tried++;
            var text = $"conflict at {point} ({killer.Where})";
            if (!saved) Check(folder, before, after, text);
            else
            {
                using var world = new CommitWorld(folder);
                world.Transactions.Recover();
                Assert.Equal("the user's own", File.ReadAllText(world.At("b.txt")));
                File.WriteAllText(world.At("b.txt"), "B");
                Assert.Equal(before, world.Scan());
                Assert.True(world.Audit.Verify().IsIntact, text);
                Assert.Empty(world.Transactions.CollectStage(TimeSpan.Zero).Kept);
            }
            if (!died) break;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"conflict: {tried} points, none bad");
    }

    private void Matrix(Deed deed, int step)
    {
        var tried = 0;
        if (Killer.Everything) step = 1;
        for (var point = 0; ; point += step)
        {
            var folder = Copy(deed.Template, "try");
            var killer = new Killer(point, !Killer.Everything);
            var died = Killer.Die(folder, killer, deed.Act);
            tried++;
            Check(folder, deed, $"{deed.Name} at {point} ({killer.Where})", mustBeDone: !died);
            if (!died) break;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{deed.Name}: {tried} kill points, none bad");
    }

    private static void Check(string folder, Deed deed, string what, bool mustBeDone = false) => Check(folder, deed.Before, deed.After, what, mustBeDone);

    private static void Check(string folder, IReadOnlyList<string> before, IReadOnlyList<string> after, string what, bool mustBeDone = false)
    {
        // Not by Assert.Null, which shows the first words alone.
        if (Aftermath.Problem(folder, before, after, mustBeDone) is { } problem) Assert.Fail($"{what}: {problem}");
    }

    private int Count(Deed deed)
    {
        var killer = new Killer(-1, onlyMutating: true);
        Assert.False(Killer.Die(Copy(deed.Template, "count"), killer, deed.Act));
        return killer.Calls;
    }

    private string Copy(string template, string name) => Deed.Copy(template, Path.Combine(place, name));
}
