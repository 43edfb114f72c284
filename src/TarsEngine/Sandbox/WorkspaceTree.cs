using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>
/// Writes into a workspace. A command may have left anything there, so each folder on the way is opened without following
/// symlinks, and what stands in the way is removed: all of it is ours.
/// </summary>
internal sealed class WorkspaceTree(FileSystem files, DirectoryHandle root) : IDisposable
{
    private const int FolderMode = 0b111_101_101;
    private const int ChunkBytes = 128 * 1024;
    private readonly byte[] buffer = new byte[ChunkBytes];
    private (RepositoryPath? Path, DirectoryHandle Handle)? current;

    /// <summary>What was written, as it stands: kept to tell later without reading what was not touched since.</summary>
    public Dictionary<RepositoryPath, (FileState State, EntryInfo Info)> Written { get; } = [];

    /// <summary>Every file gets a later time of modification than this, in nanoseconds since 1970: incremental builds believe times.</summary>
    public long NotBeforeNs { get; init; }

    /// <summary>Writes one file or symlink, over whatever is there.</summary>
    /// <param name="content">Checks itself while it is read.</param>
    public void Put(RepositoryPath path, FileState state, Stream content)
    {
        var folder = Folder(path.Parent);
        if (files.Stat(folder, path.Name) is not null) files.RemoveTree(folder, path.Name);
        if (state.Kind == EntryKind.Symlink)
        {
            using var target = new MemoryStream();
            content.CopyTo(target);
            files.CreateSymlink(folder, path.Name, target.GetBuffer().AsSpan(0, (int)target.Length));
        }
        else
        {
            using var file = files.CreateFile(folder, path.Name, 0b110_000_000);
            int count;
            while ((count = content.Read(buffer)) > 0) files.Write(file, buffer.AsSpan(0, count));
            files.SetMode(file, state.Mode);
            if (files.Stat(file).MtimeNs <= NotBeforeNs) files.SetModified(file, JustAfter(NotBeforeNs));
        }
        Written[path] = (state, files.Stat(folder, path.Name)!);
    }

    /// <summary>Removes a file or symlink, and the folders that are empty without it. Harmless when it is gone.</summary>
    public void Remove(RepositoryPath path)
    {
        Written.Remove(path);
        Leave();
        using (var folder = files.OpenDirectory(root, path.Parent))
        {
            if (folder is null || files.Stat(folder, path.Name) is not { } info) return;
            if (info.Kind == NodeKind.Directory) return;
            files.Unlink(folder, path.Name);
        }
        foreach (var empty in path.Ancestors().Reverse())
        {
            using var parent = files.OpenDirectory(root, empty.Parent);
            using var folder = files.OpenDirectory(root, empty);
            if (parent is null || folder is null || files.List(folder).Count > 0) return;
            files.RemoveDirectory(parent, empty.Name);
        }
    }

    /// <summary>Hides what lies at a path in the layers below.</summary>
    public void Hide(RepositoryPath path) => files.CreateWhiteout(Folder(path.Parent), path.Name);

    /// <summary>Forgets the open folder: what runs next may move or remove it.</summary>
    public void Leave()
    {
        current?.Handle.Dispose();
        current = null;
    }

    public void Dispose() => Leave();

    /// <summary>The folder, made with all above it where absent. Paths come sorted, so the last one is often the one asked for.</summary>
    private DirectoryHandle Folder(RepositoryPath? path)
    {
        if (current is { } kept && kept.Path == path) return kept.Handle;
        Leave();
        var at = files.OpenDirectory(root, null)!;
        if (path is not null)
        {
            foreach (var name in path.Value.Value.Split('/'))
            {
                var next = Enter(at, name);
                at.Dispose();
                at = next;
            }
        }
        current = (path, at);
        return at;
    }

    // Rounded up to what the clock's own type can hold, and on to the next millisecond.
    private static DateTimeOffset JustAfter(long nanoseconds) => DateTimeOffset.UnixEpoch.AddMilliseconds(nanoseconds / 1_000_000 + 1);

    private DirectoryHandle Enter(DirectoryHandle parent, string name)
    {
        var info = files.Stat(parent, name);
        if (info is not { Kind: NodeKind.Directory })
        {
            if (info is not null) files.Unlink(parent, name);
            files.CreateDirectory(parent, name, FolderMode);
        }
        else if ((info.Mode & 0b111_000_000) != 0b111_000_000)
        {
            files.SetMode(parent, name, FolderMode);
        }
        return files.OpenFolder(parent, name);
    }
}
