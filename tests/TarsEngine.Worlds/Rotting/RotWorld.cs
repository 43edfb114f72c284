using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds.Rotting;

/// <summary>
/// A small codebase with a past (landings, a rollback, a conflict) and a commit that a dead process left half done; and the answers that
/// its next command gets. Then bytes of its state rot.
/// </summary>
internal sealed class RotWorld
{
    private const string Database = "code/.tars/state.db";
    private readonly string place;
    private readonly RotAnswers good;
    private readonly IReadOnlyList<string> unsettled;

    public RotWorld(string place)
    {
        this.place = place;
        Live();
        Die();
        unsettled = CommitWorld.Scan(Path.Combine(Template, "code"));
        good = RotAnswers.Ask(Deed.Copy(Template, Path.Combine(place, "good")));
        if (!good.IsIntact || good.Tree.SequenceEqual(unsettled)) throw new InvalidOperationException("The sound world has nothing to recover, or is not sound.");
        // As small as one entry, so that each byte counts.
        var vault = Directory.EnumerateFiles(Path.Combine(Template, "user"), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) is "key" or "head" or "place");
        Small = [.. vault.Select(file => Path.GetRelativePath(Template, file)), Database + ".id"];
        Large = [.. ((string[])[Database, Database + "-wal", Database + "-shm"]).Where(file => File.Exists(Path.Combine(Template, file)))];
    }

    /// <summary>Files in which every bit is worth a try.</summary>
    public IReadOnlyList<string> Small { get; }

    /// <summary>And those that have too many.</summary>
    public IReadOnlyList<string> Large { get; }

    private string Template => Path.Combine(place, "template");

    private string Alive => Path.Combine(place, "alive");

    public long SizeOf(string file) => new FileInfo(Path.Combine(Template, file)).Length;

    /// <summary>What the next command makes of a world in which one bit is another.</summary>
    /// <param name="room">A folder name; worlds of different rooms may be asked at once.</param>
    public RotVerdict Flip(string file, long bit, string room) => Try(file, room, stream =>
    {
        stream.Position = bit / 8;
        var value = stream.ReadByte();
        stream.Position = bit / 8;
        stream.WriteByte((byte)(value ^ (1 << (int)(bit % 8))));
    });

    /// <summary>And of one in which a file ends early.</summary>
    public RotVerdict Cut(string file, long length, string room) => Try(file, room, stream => stream.SetLength(length));

    private RotVerdict Try(string file, string room, Action<FileStream> rot)
    {
        var folder = Deed.Copy(Template, Path.Combine(place, room));
        using (var stream = new FileStream(Path.Combine(folder, file), FileMode.Open, FileAccess.ReadWrite)) rot(stream);
        RotAnswers answers;
        try
        {
            answers = RotAnswers.Ask(folder);
        }
        catch (Exception said) when (said is StateException or RecoveryNeededException or FileSystemException)
        {
            return Strange(CommitWorld.Scan(Path.Combine(folder, "code"))) is { } changed ? new(RotKind.Bad, $"'{said.Message}' was said, but {changed}") : new(RotKind.Refused, said.Message);
        }
        catch (Exception other)
        {
            return new(RotKind.Bad, other.ToString());
        }
        if (Strange(answers.Tree) is { } strange) return new(RotKind.Bad, strange);
        if (!answers.IsIntact) return new(RotKind.Audited, answers.Audit);
        return answers.Differs(good) is { } difference ? new(RotKind.Bad, "nothing was said, but " + difference) : new(RotKind.Harmless, "");
    }

    // On the way from half done to done each path is one or the other.
    private string? Strange(IReadOnlyList<string> tree)
    {
        var known = unsettled.Concat(good.Tree).ToHashSet(StringComparer.Ordinal);
        if (tree.FirstOrDefault(line => !known.Contains(line)) is { } line) return $"the codebase has what never was there: {line}";
        var paths = tree.Select(Path).ToHashSet(StringComparer.Ordinal);
        return unsettled.Select(Path).Intersect(good.Tree.Select(Path), StringComparer.Ordinal).FirstOrDefault(path => !paths.Contains(path)) is { } gone ? $"the codebase has lost {gone}" : null;

        static string Path(string line) => line.Split(' ')[0];
    }

    private void Live()
    {
        using var world = new CommitWorld(Alive);
        Shape.Named("deep").Before(world.Code);
        for (var i = 0; i < 3; i++)
        {
            world.Commit(backup: true, new("one", world.Change(("a.txt", string.Create(CultureInfo.InvariantCulture, $"A{i}")), ("new/n.txt", string.Create(CultureInfo.InvariantCulture, $"n{i}")))), new("two", world.Change(("sub/d/e.txt", string.Create(CultureInfo.InvariantCulture, $"e{i}")))));
            world.Transactions.CollectStage(TimeSpan.Zero);
        }
        world.RollBack(new RollbackScope.Transaction(new(5)));
        world.Commit(world.Change(("b.txt", "B2"), ("old/1/2/3/x.txt", null)));
    }

    // After the commit point, and after the first of the moves. What lies there in that instant is what a dead process leaves, the log of its database included.
    private void Die()
    {
        var moves = 0;
        using var world = new CommitWorld(Alive, new Killer(-1, onlyMutating: true, call =>
        {
            if (call.Operation == "rename-exchange" && moves++ == 1) Deed.CopyAlive(Alive, Template);
        }));
        world.Commit(world.Change(("a.txt", "last"), ("b.txt", "last"), ("sub/c.txt", null), ("last/x.txt", "last")));
    }
}

/// <summary>What came of a world that rotted.</summary>
internal sealed record RotVerdict(RotKind Kind, string Words);

/// <summary>How it came out.</summary>
internal enum RotKind
{
    /// <summary>Every answer is as it was.</summary>
    Harmless,

    /// <summary>A clear error was said instead of an answer.</summary>
    Refused,

    /// <summary>The check of the audit trail tells it.</summary>
    Audited,

    /// <summary>A wrong answer, a change of the codebase, or an error that nobody expects.</summary>
    Bad,
}
