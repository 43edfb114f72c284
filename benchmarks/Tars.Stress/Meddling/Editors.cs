using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Worlds;

namespace Tars.Stress.Meddling;

/// <summary>A person saves a file that the deed changes, in place or by a rename: what was saved is at the path, and the rest is whole.</summary>
internal class Saver(Deed deed, string folder, int point) : Meddler(deed, folder, point)
{
    private const string Saved = "the user's own";

    protected override bool Act()
    {
        if (Target is not { } target) return false;
        var file = new FileInfo(Path.Combine(Code, target.Value));
        if (!Directory.Exists(file.DirectoryName) || Directory.Exists(file.FullName)) return false;
        if (Point % 2 == 0 && file is { Exists: true, LinkTarget: null })
        {
            File.WriteAllText(file.FullName, Saved);
            return true;
        }
        var scratch = Path.Combine(Folder, "scratch");
        File.WriteAllText(scratch, Saved);
        File.Move(scratch, file.FullName, overwrite: true);
        return true;
    }

    protected override string? Problem(CommitWorld world, bool done)
    {
        if (!HasActed) return Others(world, done, _ => false);
        var target = Target!.Value;
        var path = Path.Combine(Code, target.Value);
        if (!File.Exists(path) || File.ReadAllText(path) != Saved) return $"'{target}' was saved by its user, and is not as it was saved";
        if (!WasPrepared && world.Transactions.List().Any(one => one.State == CommitState.Aborted)) return $"'{target}' was saved before the commit was in the journal, and it was begun all the same";
        if (done && HasMovedTarget) return $"'{target}' was saved before its turn came, and it was told as done";
        return Others(world, done, other => other == target || other.IsUnder(target) || target.IsUnder(other));
    }
}

/// <summary>A person adds a file that the deed has nothing to do with: a change that was checked without it must not land on it.</summary>
internal sealed class Bystander(Deed deed, string folder, int point) : Meddler(deed, folder, point)
{
    private static readonly RepositoryPath added = RepositoryPath.Parse("unrelated.txt");

    protected override bool Act()
    {
        File.WriteAllText(Path.Combine(Code, added.Value), "new");
        return true;
    }

    protected override string? Problem(CommitWorld world, bool done)
    {
        if (!File.Exists(Path.Combine(Code, added.Value)) && HasActed) return "a file that nobody had anything to do with is gone";
        if (done && HasActed && !WasPrepared && IsLanding) return "it landed on a tree that was not checked";
        return Others(world, done, other => other == added);
    }
}

/// <summary>A folder of the deed is moved away, and a symlink to another place stands for it: nothing is read or changed through it.</summary>
internal sealed class Swapper(Deed deed, string folder, int point) : Meddler(deed, folder, point)
{
    private const string Away = "moved-by-the-user";
    private static readonly RepositoryPath away = RepositoryPath.Parse(Away);
    private IReadOnlyList<string> before = [];

    private string Outside => Path.Combine(Folder, "outside");

    protected override bool Act()
    {
        if (Target?.Parent is not { } folder || !Directory.Exists(Path.Combine(Code, folder.Value))) return false;
        var place = Path.Combine(Code, folder.Value);
        Directory.CreateDirectory(Outside);
        foreach (var file in Directory.GetFiles(place)) File.Copy(file, Path.Combine(Outside, Path.GetFileName(file)));
        Directory.Move(place, Path.Combine(Code, Away));
        Directory.CreateSymbolicLink(place, Point % 2 == 0 ? Outside : Path.Combine(Code, Away));
        before = CommitWorld.Scan(Outside);
        return true;
    }

    protected override RepositoryPath? Choose(IReadOnlyList<RepositoryPath> changed) => base.Choose([.. changed.Where(path => path.Parent is not null)]);

    protected override string? Problem(CommitWorld world, bool done)
    {
        if (!HasActed) return Others(world, done, _ => false);
        if (!CommitWorld.Scan(Outside).SequenceEqual(before, StringComparer.Ordinal)) return "something outside of the codebase was changed";
        if (done && HasMovedTarget) return $"'{Target}' was moved through a folder that is not where it was";
        var top = Target!.Value.Ancestors().First();
        return Others(world, done, other => other == top || other.IsUnder(top) || other == away || other.IsUnder(away));
    }
}

/// <summary>A file of the deed becomes a symlink to a secret outside of the codebase: that is never read, and never written to.</summary>
internal sealed class Linker(Deed deed, string folder, int point) : Meddler(deed, folder, point)
{
    private const string Secret = "a secret of somebody else";

    private string Outside => Path.Combine(Folder, "secret");

    protected override bool Act()
    {
        if (Target is not { } target || !File.Exists(Path.Combine(Code, target.Value))) return false;
        File.WriteAllText(Outside, Secret);
        File.Delete(Path.Combine(Code, target.Value));
        File.CreateSymbolicLink(Path.Combine(Code, target.Value), Outside);
        return true;
    }

    protected override string? Problem(CommitWorld world, bool done)
    {
        if (!HasActed) return Others(world, done, _ => false);
        var target = Target!.Value;
        if (File.ReadAllText(Outside) != Secret) return "the secret was written to";
        if (world.Objects.Contains(ContentHash.Of(System.Text.Encoding.UTF8.GetBytes(Secret)))) return "the secret was read, and stored";
        return Others(world, done, other => other == target || other.IsUnder(target) || target.IsUnder(other));
    }
}
