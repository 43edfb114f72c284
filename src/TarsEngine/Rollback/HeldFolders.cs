using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>
/// The folders that a commit works in, kept open. A held descriptor follows a folder that is moved away, so every use is
/// framed by <see cref="IsWhereItWas"/>, which resolves the path again and compares device and inode.
/// </summary>
internal sealed class HeldFolders(FileSystem files, DirectoryHandle root) : IDisposable
{
    private readonly Dictionary<RepositoryPath, DirectoryHandle> held = [];

    public DirectoryHandle Root => root;

    /// <summary>The folder, from the first time that it was asked for; null when there is none, or a symlink or mount point is on the way.</summary>
    public DirectoryHandle? Get(RepositoryPath? path)
    {
        if (path is not { } named) return root;
        if (held.TryGetValue(named, out var folder)) return folder;
        if (Resolve(named) is not { } opened) return null;
        held[named] = opened;
        return opened;
    }

    /// <summary>True when the path still leads to the very folder that is held.</summary>
    public bool IsWhereItWas(RepositoryPath? path)
    {
        if (path is not { } named) return true;
        if (!held.TryGetValue(named, out var folder)) return false;
        using var now = Resolve(named);
        return now is not null && now.Device == folder.Device && now.Inode == folder.Inode;
    }

    /// <summary>Let go of a folder that was removed, and of all below it.</summary>
    public void Forget(RepositoryPath path)
    {
        foreach (var gone in held.Keys.Where(k => k == path || k.IsUnder(path)).ToList())
        {
            held[gone].Dispose();
            held.Remove(gone);
        }
    }

    public void Dispose()
    {
        foreach (var folder in held.Values) folder.Dispose();
        held.Clear();
    }

    private DirectoryHandle? Resolve(RepositoryPath path)
    {
        try
        {
            return files.OpenDirectory(root, path);
        }
        catch (FileSystemException error) when (error.Error is Errno.Loop or Errno.CrossDevice)
        {
            return null;
        }
    }
}
