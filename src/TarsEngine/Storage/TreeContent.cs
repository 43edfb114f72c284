using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>The codebase's bytes at a path are no longer those of the snapshot.</summary>
public sealed class ContentMovedException(RepositoryPath path, ContentHash expected) : Exception(
    $"'{path}' changed while it was being read: its content is no longer {expected}. Run the command again; it begins from the codebase as it is then.")
{
    public RepositoryPath Path { get; } = path;
}

/// <summary>
/// The bytes behind a snapshot: from the object store where they are stored, else from the codebase's own file, checked by hash
/// either way.
/// </summary>
public sealed class TreeContent(FileSystem files, DirectoryHandle root, ObjectStore objects)
{
    /// <summary>The content as a stream that checks it: reading to the end throws when it is not what the snapshot says.</summary>
    /// <exception cref="ContentMovedException">The codebase changed meanwhile.</exception>
    public Stream Open(RepositoryPath path, FileState state)
    {
        if (state.Hash == ContentHash.Empty) return Stream.Null;
        if (objects.Contains(state.Hash)) return objects.OpenRead(state.Hash);
        using var folder = files.OpenDirectory(root, path.Parent) ?? throw new ContentMovedException(path, state.Hash);
        var kind = files.Stat(folder, path.Name)?.Kind;
        if (kind != (state.Kind == EntryKind.File ? NodeKind.File : NodeKind.Symlink)) throw new ContentMovedException(path, state.Hash);
        try
        {
            Stream bytes = state.Kind == EntryKind.File ? files.OpenRead(folder, path.Name) : new MemoryStream(files.ReadLink(folder, path.Name));
            return new VerifiedStream(bytes, state.Hash, _ => new ContentMovedException(path, state.Hash));
        }
        catch (FileSystemException error) when (error.Error is Errno.NotFound or Errno.NotDirectory or Errno.Loop)
        {
            throw new ContentMovedException(path, state.Hash);
        }
    }

    /// <summary>All bytes, checked.</summary>
    /// <exception cref="ContentMovedException">The codebase changed meanwhile.</exception>
    public byte[] Read(RepositoryPath path, FileState state)
    {
        using var stream = Open(path, state);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
