using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>Whether the tree after a change can exist on disk, also on one that folds letter case.</summary>
internal static class TreeShape
{
    public static IEnumerable<Finding> Check(ChangeSet changes, TreeSnapshot baseTree)
    {
        var after = baseTree.Entries.ToBuilder();
        foreach (var change in changes)
        {
            if (change.After is null) after.Remove(change.Path);
            else after[change.Path] = change.After;
        }
        var folded = Fold(after.Keys);
        var stood = new Lazy<HashSet<string>>(() => [.. baseTree.Entries.Keys.SelectMany(p => p.Ancestors().Append(p)).Select(p => p.Value)]);
        foreach (var change in changes.Where(c => c.After is not null))
        {
            foreach (var folder in change.Path.Ancestors())
            {
                if (after.TryGetValue(folder, out var standing))
                    yield return Blocked(change.Path, folder, standing);
            }
            if (Twin(change.Path, folded, stood) is { } twin)
                yield return new(Severity.Error, "path/case-twin", $"'{change.Path}' and '{twin}' differ by letter case or Unicode form only; on many disks they are one file.", change.Path, Remedy: "Rename one of them.");
        }
    }

    private static Finding Blocked(RepositoryPath path, RepositoryPath folder, FileState standing) => standing.Kind == EntryKind.Symlink
        ? new(Severity.Error, "path/through-link", $"'{path}' would be written through the symlink '{folder}'.", path, Remedy: "Write to the place where the link leads, by its own path.")
        : new(Severity.Error, "path/through-file", $"'{path}' needs '{folder}' to be a folder, and it is a file.", path, Remedy: "Delete or rename that file in the same change.");

    // Every path and every folder by its folded name; the spellings that share one.
    private static Dictionary<string, HashSet<string>> Fold(IEnumerable<RepositoryPath> paths)
    {
        var folded = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        var previousFolder = "";
        foreach (var path in paths)
        {
            Add(path.Value);
            if (path.Parent is not { } parent || parent.Value == previousFolder) continue;
            previousFolder = parent.Value;
            foreach (var folder in path.Ancestors()) Add(folder.Value);
        }
        return folded;

        void Add(string spelling)
        {
            var key = Key(spelling);
            if (!folded.TryGetValue(key, out var spellings)) folded[key] = spellings = new(StringComparer.Ordinal);
            spellings.Add(spelling);
        }
    }

    // A twin that stood in the base already, both spellings of it, is the codebase's own affair.
    private static string? Twin(RepositoryPath path, Dictionary<string, HashSet<string>> folded, Lazy<HashSet<string>> stood)
    {
        foreach (var level in path.Ancestors().Append(path))
        {
            var spellings = folded[Key(level.Value)];
            if (spellings.Count < 2) continue;
            if (spellings.All(stood.Value.Contains)) continue;
            return ByteText.Display(spellings.First(s => s != level.Value));
        }
        return null;
    }

    private static string Key(string text) => CanonicalForm.Of(text).ToUpperInvariant();
}
