using System.Diagnostics;
using TarsEngine.Changes;
using TarsEngine.Files;
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

    /// <summary>The template with the shape's beginning, a folder with its end, and the change between them.</summary>
    private (string Wanted, ChangeSet Change) Prepare(Shape shape, string template)
    {
        var wanted = Path.Combine(place, "wanted");
        Directory.CreateDirectory(wanted);
        shape.Before(wanted);
        shape.Change(wanted);
        using var world = new CommitWorld(template);
        shape.Before(world.Code);
        return (wanted, world.ChangeTo(wanted));
    }

    [Theory]
    [MemberData(nameof(ShapeNames))]
    public void Landing_killed_anywhere_is_all_or_nothing(string name)
    {
        var shape = Shape.Named(name);
        var template = Path.Combine(place, "template");
        var (wanted, change) = Prepare(shape, template);
        Matrix(template, name, CommitWorld.Scan(wanted), world => world.Commit(change), step: name == "many" ? 37 : 1);
    }

    [Theory]
    [InlineData("all")]
    [InlineData("transaction")]
    [InlineData("file")]
    public void Rollback_killed_anywhere_is_all_or_nothing(string kind)
    {
        var template = Path.Combine(place, "template");
        RollbackScope scope;
        using (var world = new CommitWorld(template))
        {
            Shape.Named("deep").Before(world.Code);
            var one = world.Change(("a.txt", "A2"), ("old/1/2/3/x.txt", null), ("new/n.txt", "n"));
            var two = world.Change(("b.txt", null), ("sub/c.txt", "C2"), ("sub/d/e.txt", "e"));
            var ids = Assert.IsType<CommitOutcome.Committed>(world.Commit(true, new("one", one), new("two", two))).Transactions;
            scope = kind switch
            {
                "all" => new RollbackScope.All(),
                "transaction" => new RollbackScope.Transaction(ids[0]),
                _ => new RollbackScope.File(RepositoryPath.Parse("old/1/2/3/x.txt")),
            };
        }
        var done = Copy(template, "done");
        IReadOnlyList<string> after;
        using (var world = new CommitWorld(done))
        {
            Assert.IsType<RollbackOutcome.RolledBack>(world.RollBack(scope));
            after = world.Scan();
        }
        if (kind == "all")
        {
            var original = Path.Combine(place, "original");
            Directory.CreateDirectory(original);
            Shape.Named("deep").Before(original);
            Assert.Equal(CommitWorld.Scan(original), after);
        }
        Matrix(template, "rollback " + kind, after, world => world.RollBack(scope), step: 1);
    }

    [Theory]
    [InlineData("cycle")]
    [InlineData("file-to-folder")]
    [InlineData("folder-to-file")]
    [InlineData("mixed")]
    public void Recovery_killed_anywhere_is_finished_by_the_next_one(string name)
    {
        var shape = Shape.Named(name);
        var template = Path.Combine(place, "template");
        var (wanted, change) = Prepare(shape, template);
        var before = CommitWorld.Scan(Path.Combine(template, "code"));
        var after = CommitWorld.Scan(wanted);
        var calls = Count(template, world => world.Commit(change));
        var tried = 0;
        // A few first deaths between the staging and the end, every second death.
        for (var first = calls; first < calls * 2; first += Math.Max(1, calls / (Killer.Everything ? 20 : 5)))
        {
            var half = Copy(template, "half");
            Die(half, new Killer(first, onlyMutating: true), world => world.Commit(change));
            for (var second = 0; ; second++)
            {
                var killer = new Killer(second, onlyMutating: true);
                var twice = Copy(half, "twice");
                if (!Die(twice, killer, world => world.Transactions.Recover())) break;
                tried++;
                Check(twice, before, after, $"{name}, {first} then {second} ({killer.Where})");
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
            var died = Die(folder, killer, world => Assert.IsType<CommitOutcome.Conflicted>(world.Commit(change)));
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

    private void Matrix(string template, string name, IReadOnlyList<string> after, Action<CommitWorld> act, int step)
    {
        var before = CommitWorld.Scan(Path.Combine(template, "code"));
        var tried = 0;
        if (Killer.Everything) step = 1;
        for (var point = 0; ; point += step)
        {
            var folder = Copy(template, "try");
            var killer = new Killer(point, !Killer.Everything);
            var died = Die(folder, killer, act);
            tried++;
            Check(folder, before, after, $"{name} at {point} ({killer.Where})");
            if (died) continue;
            Assert.Equal(after, CommitWorld.Scan(Path.Combine(folder, "code")));
            break;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}: {tried} kill points, none bad");
    }

    private static void Check(string folder, IReadOnlyList<string> before, IReadOnlyList<string> after, string what)
    {
        using var world = new CommitWorld(folder);
        var report = world.Transactions.Recover();
        var found = world.Scan();
        Assert.True(found.SequenceEqual(before) || found.SequenceEqual(after),
            $"{what}: neither before nor after:\n  {string.Join("\n  ", found)}\nbefore\n  {string.Join("\n  ", before)}\nafter\n  {string.Join("\n  ", after)}");
        Assert.All(report.Commits, c => Assert.Empty(c.Conflicts));
        var last = world.Transactions.List() is [.., var newest] ? newest : null;
        Assert.True(last is null || last.State is CommitState.Applied, $"{what}: {last?.State}");
        Assert.True(world.Audit.Verify() is { IsIntact: true }, $"{what}: {string.Join("; ", world.Audit.Verify().Problems)}");
        Assert.True(world.Transactions.Recover().IsEmpty, $"{what}: recovery is not done after once");
        Assert.Empty(world.Transactions.CollectStage(TimeSpan.Zero).Kept);
        Assert.True(!Directory.EnumerateFileSystemEntries(world.State.Stage).Any(), $"{what}: the stage is not empty");
    }

    private static bool Die(string folder, Killer killer, Action<CommitWorld> act)
    {
        try
        {
            using var world = new CommitWorld(folder, killer);
            act(world);
            return false;
        }
        catch (KilledException)
        {
            return true;
        }
    }

    private int Count(string template, Action<CommitWorld> act)
    {
        var killer = new Killer(-1, onlyMutating: true);
        Assert.False(Die(Copy(template, "count"), killer, act));
        return killer.Calls;
    }

    private string Copy(string template, string name)
    {
        var copy = Path.Combine(place, name);
        Run("sh", "-c", "rm -rf -- \"$1\" && cp -a -- \"$0\" \"$1\"", template, copy);
        return copy;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
