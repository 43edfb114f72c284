using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>
/// Step 5 of the commit protocol: makes the moves of a manifest, each a single rename between the stage and its folder.
/// Around each the folder is resolved again, and after each what came out is hashed: whatever is not what it should be goes back.
/// </summary>
internal sealed class ManifestApplier(FileSystem files, HeldFolders folders, CommitStage stage, Manifest manifest)
{
    private const int EveryPermission = 0b111_111_111, MaxSwaps = 20;

    /// <param name="resumed">True in recovery: each pair (path, slot) is looked at first, for some moves were made before the crash.</param>
    /// <returns>The conflict that ended it; then everything is to be undone.</returns>
    public FileConflict? Apply(bool resumed)
    {
        foreach (var slot in manifest.At(SlotStep.MakeWay))
            if (Move(slot, resumed) is { } conflict) return conflict;
        foreach (var folder in manifest.Removed.Where(r => r.MakesWay))
            if (Remove(folder) is { } conflict) return conflict;
        foreach (var folder in manifest.Made)
            if ((!resumed || IsStillNeeded(folder)) && Make(folder) is { } conflict) return conflict;
        foreach (var slot in manifest.At(SlotStep.Place))
            if (Move(slot, resumed) is { } conflict) return conflict;
        foreach (var slot in manifest.At(SlotStep.Remove))
            if (Move(slot, resumed) is { } conflict) return conflict;
        foreach (var folder in manifest.Removed.Where(r => !r.MakesWay))
            if (Remove(folder) is { } conflict) return conflict;
        return null;
    }

    /// <summary>Makes a folder with exact attributes: finished in the stage, then moved into place. False when something stands there.</summary>
    internal static bool MakeExact(FileSystem files, CommitStage stage, DirectoryHandle parent, RepositoryPath path, NodeAttributes attributes)
    {
        const string scratch = "folder";
        if (files.Stat(stage.Folder, scratch) is null) files.CreateDirectory(stage.Folder, scratch, 0b111_000_000);
        using (var made = files.OpenDirectory(stage.Folder, RepositoryPath.Parse(scratch))!)
        {
            var own = files.Stat(made);
            if (own.Uid != attributes.Uid || own.Gid != attributes.Gid) files.SetOwner(made, attributes.Uid, attributes.Gid);
            files.WriteAttributes(made, attributes.Extended);
            files.SetMode(made, attributes.Mode);
        }
        return Try(() => files.RenameNoReplace(stage.Folder, scratch, parent, path.Name), Errno.Exists);
    }

    /// <summary>Runs a call; false when it failed with one of these errors, which say that someone else was there first.</summary>
    internal static bool Try(Action call, params ReadOnlySpan<int> expected)
    {
        try
        {
            call();
            return true;
        }
        catch (IOException error) when (error.HResult is Errno.Exists or Errno.NotFound or Errno.NotEmpty or Errno.NotDirectory)
        {
            if (!expected.Contains(error.HResult)) throw;
            return false;
        }
    }

    /// <summary>
    /// Swaps path and slot until what comes out is what we put in: the newest bytes of the user's end at the path, and nothing is lost.
    /// </summary>
    internal static void SwapBack(FileSystem files, CommitStage stage, DirectoryHandle parent, Slot slot, Seen putIn)
    {
        for (var swaps = 0; swaps < MaxSwaps; swaps++)
        {
            var inSlot = stage.Look(slot);
            if (!Try(() => files.RenameExchange(stage.Folder, slot.Name, parent, slot.Path.Name), Errno.NotFound)) return;
            if (stage.Look(slot) == putIn) return;
            putIn = inSlot;
        }
    }

    private FileConflict? Move(Slot slot, bool resumed)
    {
        var path = slot.Path;
        var parent = folders.Get(path.Parent);
        if (resumed)
        {
            var (stands, waits) = (files.Look(parent, path.Name), stage.Look(slot));
            switch (SlotPair.Forward(slot, stands, waits))
            {
                case SlotVerdict.Done: return null;
                case SlotVerdict.Conflict: return Changed(slot, waits.Exists && !waits.Is(slot.After) ? waits : stands);
            }
        }
        if (parent is null || !folders.IsWhereItWas(path.Parent)) return Moved(path);
        var name = slot.Name;
        var done = slot switch
        {
            { Before: null } => Try(() => files.RenameNoReplace(stage.Folder, name, parent, path.Name), Errno.Exists, Errno.NotFound),
            { After: null } => Try(() => files.RenameNoReplace(parent, path.Name, stage.Folder, name), Errno.NotFound),
            _ => Try(() => files.RenameExchange(stage.Folder, name, parent, path.Name), Errno.NotFound),
        };
        if (!done) return Changed(slot, files.Look(parent, path.Name));
        if (!folders.IsWhereItWas(path.Parent))
        {
            TakeBack(slot, parent);
            return Moved(path);
        }
        if (slot.Before is null || stage.Look(slot) is var out_ && out_.Is(slot.Before)) return null;
        TakeBack(slot, parent);
        return Changed(slot, out_);
    }

    private void TakeBack(Slot slot, DirectoryHandle parent)
    {
        var (path, name) = (slot.Path, slot.Name);
        switch (slot)
        {
            case { Before: null }:
                if (!Try(() => files.RenameNoReplace(parent, path.Name, stage.Folder, name), Errno.NotFound)) return;
                // Someone saved over it in between: that save is theirs and stays.
                if (!stage.Look(slot).Is(slot.After)) Try(() => files.RenameNoReplace(stage.Folder, name, parent, path.Name), Errno.Exists);
                return;
            case { After: null }:
                Try(() => files.RenameNoReplace(stage.Folder, name, parent, path.Name), Errno.Exists, Errno.NotFound);
                return;
            default:
                SwapBack(files, stage, parent, slot, new(true, slot.After));
                return;
        }
    }

    // What was placed before a crash may have been moved on by the user: then its folder is not made anew.
    private bool IsStillNeeded(FolderToMake folder)
    {
        var placed = manifest.At(SlotStep.Place).Where(s => s.Path.IsUnder(folder.Path)).ToList();
        return placed.Count == 0 || placed.Exists(s => stage.Look(s).Is(s.After));
    }

    private FileConflict? Make(FolderToMake folder)
    {
        var path = folder.Path;
        if (folders.Get(path.Parent) is not { } parent || !folders.IsWhereItWas(path.Parent)) return Moved(path);
        if (files.Stat(parent, path.Name) is null)
        {
            // The system's own rules (umask, default ACL, the group of the folder above) hold for folders that are new.
            var made = folder.As is { } attributes
                ? MakeExact(files, stage, parent, path, attributes)
                : Try(() => files.CreateDirectory(parent, path.Name, EveryPermission), Errno.Exists);
            if (made && !folders.IsWhereItWas(path.Parent))
            {
                Try(() => files.RemoveDirectory(parent, path.Name), Errno.NotEmpty, Errno.NotFound);
                return Moved(path);
            }
        }
        return folders.Get(path) is not null ? null : new(path, null, null, $"'{path}' must become a folder, but something else was put there meanwhile.");
    }

    private FileConflict? Remove(FolderToRemove folder)
    {
        var path = folder.Path;
        if (folders.Get(path.Parent) is not { } parent) return null;
        if (!folders.IsWhereItWas(path.Parent)) return Moved(path);
        // Let go of it first: if the call removes it and reports an error all the same, it must be found anew.
        folders.Forget(path);
        var gone = Try(() => files.RemoveDirectory(parent, path.Name), Errno.NotEmpty, Errno.Exists, Errno.NotFound, Errno.NotDirectory);
        if (gone && !folders.IsWhereItWas(path.Parent)) return Moved(path);
        return gone || !folder.MakesWay || files.Stat(parent, path.Name) is not { Kind: NodeKind.Directory }
            ? null
            : new(path, null, null, $"'{path}' is to become a file, but something was put into that folder meanwhile.");
    }

    private static FileConflict Moved(RepositoryPath path) => new(path, null, null,
        $"'{path}': the folder that holds it was moved, replaced or made a symlink meanwhile. Nothing was changed through it.");

    private static FileConflict Changed(Slot slot, Seen found) => new(slot.Path, slot.Before, found.State,
        $"'{slot.Path}' was changed at the very moment of the commit: {found} was there that is not what the change was made for. It was kept.");
}
