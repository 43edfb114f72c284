using System.Diagnostics;
using TarsEngine.Files;
using TarsEngine.Rollback;

namespace TarsEngine.Worlds;

/// <summary>Something that is done to a codebase, wholly or not at all: a landing of some shape, or a rollback of some kind.</summary>
/// <param name="Name">A shape's, or 'rollback' with a kind.</param>
/// <param name="Place">A folder of its own.</param>
/// <param name="Before">The codebase before it is done.</param>
/// <param name="After">And once it is.</param>
internal sealed record Deed(string Name, string Place, IReadOnlyList<string> Before, IReadOnlyList<string> After)
{
    private const string RollbackWord = "rollback ", TemplateFolder = "template", WantedFolder = "wanted";

    /// <summary>All that there are.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. Shape.All.Select(shape => shape.Name), .. RollbackKinds.Select(kind => RollbackWord + kind)];

    public static IReadOnlyList<string> RollbackKinds => ["all", "transaction", "file"];

    /// <summary>A world in which it was not done yet.</summary>
    public string Template => Path.Combine(Place, TemplateFolder);

    /// <summary>How the codebase is to look; null for a rollback.</summary>
    public string? Wanted => Name.StartsWith(RollbackWord, StringComparison.Ordinal) ? null : Path.Combine(Place, WantedFolder);

    public Action<CommitWorld> Act => ActOf(Name, Place);

    public static Deed Make(string name, string place) => name.StartsWith(RollbackWord, StringComparison.Ordinal) ? Rollback(name, place) : Landing(name, place);

    /// <summary>How it is done, in whatever process; what it needs lies in its place.</summary>
    public static Action<CommitWorld> ActOf(string name, string place) => name.StartsWith(RollbackWord, StringComparison.Ordinal)
        ? world => Expect<RollbackOutcome.RolledBack>(world.RollBack(Scope(name[RollbackWord.Length..], world)))
        : world => world.Commit(world.ChangeTo(Path.Combine(place, WantedFolder)));

    /// <summary>A copy of a world's folder, in the place of what is there.</summary>
    public static string Copy(string template, string copy)
    {
        using var process = Process.Start("sh", ["-c", "rm -rf -- \"$1\" && cp -a -- \"$0\" \"$1\"", template, copy]);
        process.WaitForExit();
        return process.ExitCode == 0 ? copy : throw new IOException($"'{template}' could not be copied.");
    }

    private static Deed Landing(string name, string place)
    {
        var (shape, wanted) = (Shape.Named(name), Directory.CreateDirectory(Path.Combine(place, WantedFolder)).FullName);
        shape.Before(wanted);
        shape.Change(wanted);
        using var world = new CommitWorld(Path.Combine(place, TemplateFolder));
        shape.Before(world.Code);
        // Its contents are stored now: to store them is no part of the deed.
        world.ChangeTo(wanted);
        return new(name, place, world.Scan(), CommitWorld.Scan(wanted));
    }

    private static Deed Rollback(string name, string place)
    {
        var template = Path.Combine(place, TemplateFolder);
        IReadOnlyList<string> original, before;
        using (var world = new CommitWorld(template))
        {
            Shape.Named("deep").Before(world.Code);
            original = world.Scan();
            var one = world.Change(("a.txt", "A2"), ("old/1/2/3/x.txt", null), ("new/n.txt", "n"));
            var two = world.Change(("b.txt", null), ("sub/c.txt", "C2"), ("sub/d/e.txt", "e"));
            Expect<CommitOutcome.Committed>(world.Commit(true, new("one", one), new("two", two)));
            before = world.Scan();
        }
        using var done = new CommitWorld(Copy(template, Path.Combine(place, "done")));
        ActOf(name, place)(done);
        if (name == RollbackWord + "all" && !done.Scan().SequenceEqual(original)) throw new InvalidOperationException("A rollback of everything does not bring back what was there.");
        return new(name, place, before, done.Scan());
    }

    private static RollbackScope Scope(string kind, CommitWorld world) => kind switch
    {
        "all" => new RollbackScope.All(),
        "transaction" => new RollbackScope.Transaction(world.Transactions.List().First(one => one.Name == "one").Id),
        _ => new RollbackScope.File(RepositoryPath.Parse("old/1/2/3/x.txt")),
    };

    private static void Expect<T>(object outcome)
    {
        if (outcome is not T) throw new InvalidOperationException($"{typeof(T).Name} was expected, not {outcome}.");
    }
}
