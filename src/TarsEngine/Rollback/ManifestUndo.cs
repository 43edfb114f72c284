using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>
/// Takes back what was made of a manifest, in reverse, by looking at each pair (path, slot). Idempotent: it may be cut short and
/// begun again. Where someone's newer bytes stand, they stay, and are told.
/// </summary>
internal sealed class ManifestUndo(FileSystem files, HeldFolders folders, CommitStage stage, Manifest manifest)
{
    private readonly List<FileConflict> kept = [];

    /// <returns>Paths that could not be brought back because something newer stands there.</returns>
    public IReadOnlyList<FileConflict> Undo()
    {
        foreach (var folder in manifest.Removed.Where(r => !r.MakesWay).Reverse()) Remake(folder);
        foreach (var slot in manifest.At(SlotStep.Remove).Reverse()) Return(slot);
        foreach (var slot in manifest.At(SlotStep.Place).Reverse()) Return(slot);
        foreach (var folder in manifest.Made.Reverse()) Unmake(folder);
        foreach (var folder in manifest.Removed.Where(r => r.MakesWay).Reverse()) Remake(folder);
        foreach (var slot in manifest.At(SlotStep.MakeWay).Reverse()) Return(slot);
        return kept;
    }

    private void Return(Slot slot)
    {
        var (path, name) = (slot.Path, slot.Name);
        var parent = folders.Get(path.Parent);
        var stands = files.Look(parent, path.Name);
        var lies = stage.Look(slot);
        switch (SlotPair.Backward(slot, stands, lies))
        {
            case SlotVerdict.Done: return;
            case SlotVerdict.Conflict:
                Keep(slot, stands);
                return;
        }
        if (parent is null)
        {
            Keep(slot, stands);
            return;
        }
        switch (slot)
        {
            case { Before: null }:
                if (!ManifestApplier.Try(() => files.RenameNoReplace(parent, path.Name, stage.Folder, name), Errno.NotFound)) return;
                if (stage.Look(slot).Is(slot.After)) return;
                ManifestApplier.Try(() => files.RenameNoReplace(stage.Folder, name, parent, path.Name), Errno.Exists, Errno.NotFound);
                break;
            case { After: null }:
                if (ManifestApplier.Try(() => files.RenameNoReplace(stage.Folder, name, parent, path.Name), Errno.Exists, Errno.NotFound)) return;
                break;
            default:
                if (ManifestApplier.Try(() => files.RenameExchange(stage.Folder, name, parent, path.Name), Errno.NotFound))
                {
                    if (stage.Look(slot).Is(slot.After)) return;
                    // A newer save came out: it belongs at the path.
                    ManifestApplier.SwapBack(files, stage, parent, slot, lies);
                }
                break;
        }
        Keep(slot, files.Look(parent, path.Name));
    }

    private void Remake(FolderToRemove folder)
    {
        var path = folder.Path;
        if (folders.Get(path.Parent) is not { } parent)
        {
            kept.Add(new(path, null, null, $"The folder '{path}' could not be made again: the folder above it was moved or removed."));
            return;
        }
        if (files.Stat(parent, path.Name) is { Kind: NodeKind.Directory }) return;
        if (!ManifestApplier.MakeExact(files, stage, parent, path, folder.Was))
            kept.Add(new(path, null, null, $"The folder '{path}' could not be made again: something else stands there now, and was kept."));
    }

    private void Unmake(FolderToMake folder)
    {
        var path = folder.Path;
        if (folders.Get(path.Parent) is not { } parent || files.Stat(parent, path.Name) is not { Kind: NodeKind.Directory }) return;
        folders.Forget(path);
        if (!ManifestApplier.Try(() => files.RemoveDirectory(parent, path.Name), Errno.NotEmpty, Errno.Exists, Errno.NotFound, Errno.NotDirectory))
            kept.Add(new(path, null, null, $"The folder '{path}' was kept: something that is not part of this change lies in it."));
    }

    private void Keep(Slot slot, Seen stands)
    {
        var lies = stage.Look(slot);
        var keptAt = lies.Exists && !lies.Is(slot.After) ? stage.PathOf(slot) : null;
        kept.Add(new(slot.Path, slot.Before, stands.State,
            $"'{slot.Path}': {stands} stands there that is newer than this change; it was kept."
            + (keptAt is null ? "" : $" What lay there before is kept as '{ByteText.Display(keptAt)}'."), keptAt));
    }
}
