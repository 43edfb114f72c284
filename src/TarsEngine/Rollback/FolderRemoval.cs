using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>Which folders a commit leaves empty, and so removes; what holds anything else, ignored files included, stays.</summary>
internal sealed class FolderRemoval(
    FileSystem files, HeldFolders folders, HashSet<RepositoryPath> deleted, HashSet<RepositoryPath> wanted,
    HashSet<RepositoryPath> becomeFiles, IReadOnlySet<RepositoryPath>? removable)
{
    private readonly HashSet<RepositoryPath> removed = [];

    /// <returns>Children first.</returns>
    public IReadOnlyList<FolderToRemove> Plan(List<FileConflict> conflicts)
    {
        var stay = wanted.SelectMany(p => p.Ancestors()).ToHashSet();
        var result = new List<FolderToRemove>();
        foreach (var folder in deleted.SelectMany(p => p.Ancestors()).Distinct().Where(f => !stay.Contains(f)).OrderDescending())
        {
            var makesWay = becomeFiles.Contains(folder) || folder.Ancestors().Any(becomeFiles.Contains);
            if (!makesWay && removable is not null && !removable.Contains(folder)) continue;
            if (folders.Get(folder) is not { } handle || Remaining(folder, handle) is not null) continue;
            var info = files.Stat(handle);
            removed.Add(folder);
            result.Add(new(folder, new(info.Mode, info.Uid, info.Gid, files.ReadAttributes(handle)), makesWay));
        }
        foreach (var folder in becomeFiles.Where(f => !removed.Contains(f)).Order())
        {
            var other = folders.Get(folder) is { } handle ? Remaining(folder, handle) : null;
            conflicts.Add(new(folder, null, null, $"'{folder}' is to become a file, but is a folder" + (other is null ? "." : $" that also holds '{other}'.") + " It was left as it is."));
        }
        return result;
    }

    private RepositoryPath? Remaining(RepositoryPath folder, DirectoryHandle handle)
    {
        foreach (var name in files.List(handle))
        {
            // A name that can't be part of a change (with a backslash, say) is someone else's for certain.
            if (!RepositoryPath.TryParse(folder.Value + "/" + name, out var child, out _)) return folder;
            if (!deleted.Contains(child) && !removed.Contains(child)) return child;
        }
        return null;
    }
}
