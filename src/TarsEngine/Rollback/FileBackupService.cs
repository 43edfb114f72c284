using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>Keeps the content of every file that a commit replaces or deletes, under its hash, and checks it before it is used.</summary>
public sealed class FileBackupService(FileSystem files, ObjectStore objects)
{
    private const long InMemory = 1 << 20;

    /// <summary>Stores what stands at every target of the manifest.</summary>
    /// <returns>Files that changed while they were read.</returns>
    internal IReadOnlyList<FileConflict> Keep(Manifest manifest, HeldFolders folders)
    {
        var conflicts = new List<FileConflict>();
        foreach (var slot in manifest.Slots)
        {
            if (slot.Before is null || slot.Before.Hash == ContentHash.Empty) continue;
            var found = Store(folders.Get(slot.Path.Parent), slot.Path.Name, slot.Before);
            if (found != slot.Before.Hash)
                conflicts.Add(new(slot.Path, slot.Before, null, $"'{slot.Path}' changed while its backup was made. It was left as it is."));
        }
        return conflicts;
    }

    /// <summary>Makes the backups of a manifest survive a power loss.</summary>
    internal void MakeDurable(Manifest manifest) => objects.MakeDurable(
        [.. manifest.Slots.Where(s => s.Before is not null && s.Before.Hash != ContentHash.Empty).Select(s => s.Before!.Hash).Distinct()]);

    /// <summary>Reads every backup that undoing <paramref name="changes"/> needs; says what is wrong with which.</summary>
    public IReadOnlyList<BackupProblem> Verify(IEnumerable<FileChange> changes)
    {
        var problems = new List<BackupProblem>();
        foreach (var change in changes)
        {
            if (change.Before is not { } before || before.Hash == ContentHash.Empty) continue;
            try
            {
                using var stream = objects.OpenRead(before.Hash);
                stream.CopyTo(Stream.Null);
            }
            catch (Exception error) when (error is ObjectCorruptException or ObjectMissingException or FileSystemException)
            {
                problems.Add(new(change.Path, before.Hash, error.Message));
            }
        }
        return problems;
    }

    private ContentHash? Store(DirectoryHandle? folder, string name, FileState state)
    {
        if (folder is null) return null;
        if (state.Kind == EntryKind.Symlink) return objects.Put(files.ReadLink(folder, name));
        using var stream = files.OpenRead(folder, name);
        if (state.Size > InMemory) return objects.Put(stream).Hash;
        using var bytes = new MemoryStream((int)state.Size);
        stream.CopyTo(bytes);
        return objects.Put(bytes.GetBuffer().AsSpan(0, (int)bytes.Length));
    }
}

/// <summary>A backup that can't be used.</summary>
public sealed record BackupProblem(RepositoryPath Path, ContentHash Hash, string Message);
