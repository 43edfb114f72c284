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

    public Action<CommitWorld> Act => world => Try(world);

    /// <summary>How the codebase is to look; null for a rollback.</summary>
    public string? Wanted => Name.StartsWith(RollbackWord, StringComparison.Ordinal) ? null : Path.Combine(Place, WantedFolder);

    public static Deed Make(string name, string place) => name.StartsWith(RollbackWord, StringComparison.Ordinal) ? Rollback(name, place) : Landing(name, place);

    /// <summary>Does it in whatever process; what it needs lies in its place.</summary>
    /// <returns>True when the engine says that it is done, false when it says that all is as it was.</returns>
    public bool Try(CommitWorld world) => Try(Name, Place, world);

    /// <inheritdoc cref="Try(CommitWorld)"/>
    public static bool Try(string name, string place, CommitWorld world) => name.StartsWith(RollbackWord, StringComparison.Ordinal)
        ? world.RollBack(Scope(name[RollbackWord.Length..], world)) is RollbackOutcome.RolledBack
        : world.Commit(world.ChangeTo(Path.Combine(place, WantedFolder))) is CommitOutcome.Committed or CommitOutcome.NothingToCommit;

    /// <summary>A copy of a world's folder, in the place of what is there.</summary>
    public static string Copy(string template, string copy)
    {
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        Copy(new DirectoryInfo(template), copy);
        return copy;
    }

    /// <summary>The same of a world in which this process works: by another one, for locks go when their process closes any file of the database.</summary>
    public static void CopyAlive(string world, string copy)
    {
        using var process = Process.Start("cp", ["-a", "--", world, copy]);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"'{world}' could not be copied.");
    }

    private static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var entry in from.EnumerateFileSystemInfos())
        {
            var name = Path.Combine(to, entry.Name);
            if (entry.LinkTarget is { } target) File.CreateSymbolicLink(name, target);
            else if (entry is DirectoryInfo folder) Copy(folder, name);
            else File.Copy(entry.FullName, name);
        }
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(to, from.UnixFileMode);
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
            // More than one byte: less than all of it can be written back.
            Shape.Write(world.Code, "a.txt", "A as it was");
            Shape.Write(world.Code, "old/1/2/3/x.txt", "x as it was");
            original = world.Scan();
            var one = world.Change(("a.txt", "A2"), ("old/1/2/3/x.txt", null), ("new/n.txt", "n"));
            var two = world.Change(("b.txt", null), ("sub/c.txt", "C2"), ("sub/d/e.txt", "e"));
            Expect<CommitOutcome.Committed>(world.Commit(true, new("one", one), new("two", two)));
            before = world.Scan();
        }
        using var done = new CommitWorld(Copy(template, Path.Combine(place, "done")));
        if (!Try(name, place, done)) throw new InvalidOperationException($"'{name}' is refused.");
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
