using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>
/// Which folders a commit removes: those that it leaves empty, and those that stand in a file's way. What holds any other file,
/// ignored ones included, stays.
/// </summary>
internal sealed class FolderRemoval(
    FileSystem files, HeldFolders folders, HashSet<RepositoryPath> deleted, HashSet<RepositoryPath> wanted,
    HashSet<RepositoryPath> becomeFiles, IReadOnlySet<RepositoryPath>? removable)
{
    private readonly HashSet<RepositoryPath> removed = [];

    /// <returns>Children first.</returns>
    public IReadOnlyList<FolderToRemove> Plan(List<FileConflict> conflicts)
    {
        var result = new List<FolderToRemove>();
        foreach (var folder in becomeFiles.Order())
        {
            if (MakeWay(folder, result) is { } other)
                conflicts.Add(new(folder, null, null, $"'{folder}' is to become a file, but is a folder that also holds '{other}'. It was left as it is."));
        }
        var stay = wanted.SelectMany(p => p.Ancestors()).ToHashSet();
        foreach (var folder in deleted.SelectMany(p => p.Ancestors()).Distinct().Where(f => !stay.Contains(f) && !removed.Contains(f)).OrderDescending())
        {
            if (removable is not null && !removable.Contains(folder)) continue;
            if (folders.Get(folder) is not { } handle || Remaining(folder, handle) is not null) continue;
            Add(folder, handle, makesWay: false, result);
        }
        return result;
    }

    // As git does it: folders in which no file is left make way for a file, whoever made them.
    private RepositoryPath? MakeWay(RepositoryPath folder, List<FolderToRemove> result)
    {
        if (folders.Get(folder) is not { } handle) return folder;
        while (Remaining(folder, handle) is { } other)
        {
            if (other == folder || files.Stat(handle, other.Name) is not { Kind: NodeKind.Directory }) return other;
            if (MakeWay(other, result) is { } further) return further;
        }
        Add(folder, handle, makesWay: true, result);
        return null;
    }

    private void Add(RepositoryPath folder, DirectoryHandle handle, bool makesWay, List<FolderToRemove> result)
    {
        var info = files.Stat(handle);
        removed.Add(folder);
        result.Add(new(folder, new(info.Mode, info.Uid, info.Gid, files.ReadAttributes(handle)), makesWay));
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
