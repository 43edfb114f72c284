using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>
/// A commit's own folder beside the codebase, on the same file system. Each slot holds the new content until it is placed, and what
/// was displaced from then on. A lock of the same name tells whether the one who made it still lives.
/// </summary>
internal sealed class CommitStage : IDisposable
{
    private const int OwnerOnly = 0b111_000_000, Hidden = 0b110_000_000, GroupInherits = 0b010_000_000_000;
    private const int Few = 8;
    private const string Begun = "begun";
    private readonly FileSystem files;
    private readonly DirectoryHandle all;
    private readonly FileLock? living;

    private CommitStage(FileSystem files, DirectoryHandle all, DirectoryHandle folder, string name, FileLock? living) =>
        (this.files, this.all, Folder, Name, this.living) = (files, all, folder, name, living);

    public string Name { get; }

    public DirectoryHandle Folder { get; }

    public static string LockName(string stage) => "run-stage-" + stage;

    /// <summary>A new, empty stage, owned by this process as long as it lives.</summary>
    public static CommitStage Create(FileSystem files, StateFolder state)
    {
        var name = Guid.NewGuid().ToString("n");
        // The lock first: a folder without a living lock is a dead process's.
        var alive = state.TryAcquire(LockName(name)) ?? throw new InvalidOperationException($"The new name '{name}' is locked already.");
        DirectoryHandle? stages = null;
        try
        {
            stages = files.OpenRoot(state.Stage);
            files.CreateDirectory(stages, name, OwnerOnly);
            return new(files, stages, files.OpenDirectory(stages, RepositoryPath.Parse(name))!, name, alive);
        }
        catch
        {
            stages?.Dispose();
            alive.Dispose();
            throw;
        }
    }

    /// <summary>A stage that an earlier process left; null when it is gone.</summary>
    public static CommitStage? Open(FileSystem files, StateFolder state, string name)
    {
        var stages = files.OpenRoot(state.Stage);
        if (files.OpenDirectory(stages, RepositoryPath.Parse(name)) is { } folder) return new(files, stages, folder, name, null);
        stages.Dispose();
        return null;
    }

    /// <summary>Where a slot's bytes lie, for people.</summary>
    public string PathOf(Slot slot) => Folder.PathOf(slot.Name);

    public Seen Look(Slot slot) => files.Look(Folder, slot.Name);

    /// <summary>Writes every new content into its slot, with mode, owner and attributes as they will be.</summary>
    public void Write(Manifest manifest, ObjectStore objects, HeldFolders folders, RestoreHints hints)
    {
        foreach (var slot in manifest.Slots)
        {
            if (slot.After is not { } after) continue;
            var like = slot.Was ?? hints.Files.GetValueOrDefault(slot.Path);
            if (after.Kind == EntryKind.Symlink)
            {
                files.CreateSymlink(Folder, slot.Name, after.Hash == ContentHash.Empty ? [] : objects.Read(after.Hash));
                var link = files.Stat(Folder, slot.Name)!;
                if (like is not null && (like.Uid != link.Uid || like.Gid != link.Gid)) files.SetOwner(Folder, slot.Name, like.Uid, like.Gid);
                continue;
            }
            using var file = files.CreateFile(Folder, slot.Name, Hidden);
            if (after.Hash != ContentHash.Empty)
            {
                using var content = objects.OpenRead(after.Hash);
                var buffer = new byte[(int)Math.Clamp(after.Size + 1, 1, 128 * 1024)];
                int count;
                while ((count = content.Read(buffer)) > 0) files.Write(file, buffer.AsSpan(0, count));
            }
            Dress(file, slot, like, folders);
            // Last: a change of owner takes set-id bits away, an ACL changes the group's.
            files.SetMode(file, after.Mode);
        }
    }

    /// <summary>
    /// Makes what was staged survive a power loss: a few files by fsync each, many by one syncfs, then the folders.
    /// Symlinks have no content of their own: their folder carries them.
    /// </summary>
    public void MakeDurable(Manifest manifest)
    {
        var written = manifest.Slots.Where(s => s.After is { Kind: EntryKind.File }).ToList();
        if (written.Count > Few) files.SyncFileSystem(Folder);
        else
        {
            foreach (var slot in written)
            {
                // A file that its owner may not read can't be opened to be synced; syncfs needs no permission.
                if ((slot.After!.Mode & 0b100_000_000) == 0)
                {
                    files.SyncFileSystem(Folder);
                    break;
                }
                using var file = files.OpenFile(Folder, slot.Name);
                files.Fsync(file);
            }
        }
        files.Fsync(Folder);
        files.Fsync(all);
    }

    /// <summary>The journal was about to say that the commit holds: slots may hold what is not ours.</summary>
    public bool HasBegun => files.Stat(Folder, Begun) is not null;

    /// <summary>
    /// From here on slots may hold what is not ours. Without its journal (lost, or restored from an old copy) such a stage is never deleted.
    /// </summary>
    public void MarkBegun()
    {
        if (HasBegun) return;
        files.CreateFile(Folder, Begun, Hidden).Dispose();
        files.Fsync(Folder);
    }

    /// <summary>Deletes a stage that never reached its commit point: everything in it is ours.</summary>
    /// <returns>False when it stayed, because it did get there.</returns>
    public bool Discard()
    {
        if (HasBegun) return false;
        foreach (var name in files.List(Folder)) Delete(name);
        files.RemoveDirectory(all, Name);
        return true;
    }

    /// <summary>Deletes what <paramref name="isOurs"/> allows, and the folder once it is empty.</summary>
    public void Clear(Manifest manifest, Func<Slot, bool> isOurs)
    {
        var clean = true;
        foreach (var name in files.List(Folder))
        {
            if (name == Begun) continue;
            if (!int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number >= manifest.Slots.Count
                || isOurs(manifest.Slots[number])) Delete(name);
            else clean = false;
        }
        if (!clean) return;
        if (HasBegun) Delete(Begun);
        files.RemoveDirectory(all, Name);
    }

    /// <summary>Why a slot's file may not be deleted; null when it may: it is what is expected, and nobody has it open for writing.</summary>
    public string? WhyKept(Slot slot, FileState? expected)
    {
        const string changed = "it was changed after it was displaced, by a program that had it open";
        if (expected is not { Kind: EntryKind.File }) return Look(slot).Is(expected) ? null : changed;
        try
        {
            using var file = files.OpenFile(Folder, slot.Name);
            if (!files.TryReadLease(file)) return "a program has it open for writing";
            return files.Capture(file) == expected ? null : changed;
        }
        catch (FileSystemException error)
        {
            return error.Message;
        }
    }

    public void Dispose()
    {
        Folder.Dispose();
        all.Dispose();
        living?.Dispose();
    }

    private void Delete(string name)
    {
        if (files.Stat(Folder, name) is { Kind: NodeKind.Directory }) files.RemoveDirectory(Folder, name);
        else files.Unlink(Folder, name);
    }

    private void Dress(FileHandle file, Slot slot, NodeAttributes? like, HeldFolders folders)
    {
        var own = files.Stat(file);
        if (like is not null)
        {
            if (like.Uid != own.Uid || like.Gid != own.Gid) files.SetOwner(file, like.Uid, like.Gid);
            files.WriteAttributes(file, like.Extended);
        }
        // As if it had been created in place: a folder with the set-group bit hands its group on.
        else if (folders.Get(slot.Path.Parent) is { } folder && files.Stat(folder) is var parent && (parent.Mode & GroupInherits) != 0 && parent.Gid != own.Gid)
            files.SetOwner(file, own.Uid, parent.Gid);
    }
}
