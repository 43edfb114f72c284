using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>
/// The first step of a commit: looks at every target and its folder, and writes down what stands there and what will be done,
/// in which order. Changes nothing. All conflicts and refusals are collected, not only the first.
/// </summary>
internal sealed class ManifestBuilder(FileSystem files, HeldFolders folders, CommitRequest request, ChangeSet net)
{
    private readonly List<FileConflict> conflicts = [];
    private readonly List<Finding> findings = [];
    private readonly SortedSet<RepositoryPath> made = [];
    private readonly HashSet<RepositoryPath> becomeFiles = [];
    private readonly HashSet<RepositoryPath?> judgedFolders = [];
    private readonly Dictionary<RepositoryPath, NodeAttributes> was = [];
    private readonly HashSet<RepositoryPath> deleted = [.. net.Where(c => c.After is null).Select(c => c.Path)];
    private readonly HashSet<RepositoryPath> wanted = [.. net.Where(c => c.After is not null).Select(c => c.Path)];

    public IReadOnlyList<FileConflict> Conflicts => conflicts;

    public IReadOnlyList<Finding> Findings => findings;

    /// <summary>Null when there are conflicts or findings.</summary>
    public Manifest? Build()
    {
        foreach (var change in net)
        {
            if (change.Path.IsMetadata) Refuse("path/metadata", "belongs to git or to this system and can't be part of a change", change.Path, null);
            else if (change.After is null || PlanFolders(change.Path)) Inspect(change);
        }
        if (findings.Count > 0 || conflicts.Count > 0) return null;
        // Folders that had made way for a file come back with its removal, empty or not.
        made.UnionWith(request.Hints.Folders.Keys.Where(folder => deleted.Any(file => file == folder || folder.IsUnder(file))));
        var removed = new FolderRemoval(files, folders, deleted, wanted, becomeFiles, request.Hints.RemovableFolders).Plan(conflicts);
        if (conflicts.Count > 0) return null;
        foreach (var folder in removed) Judge(folder.Path.Parent);
        foreach (var folder in made) Judge(folder.Parent);
        return findings.Count > 0 ? null : new(Slots(), [.. made.Select(p => new FolderToMake(p, request.Hints.Folders.GetValueOrDefault(p)))], removed);
    }

    private Slot[] Slots()
    {
        var number = 0;
        return
        [
            .. net.Where(c => c.After is null).OrderByDescending(c => c.Path).Where(MakesWay).Select(c => New(c, SlotStep.MakeWay)),
            .. net.Where(c => c.After is not null).Select(c => New(c, SlotStep.Place)),
            .. net.Where(c => c.After is null).OrderByDescending(c => c.Path).Where(c => !MakesWay(c)).Select(c => New(c, SlotStep.Remove)),
        ];

        bool MakesWay(FileChange change) => made.Contains(change.Path) || change.Path.Ancestors().Any(becomeFiles.Contains);
        Slot New(FileChange change, SlotStep step) => new(number++, change.Path, change.Before, change.After, step, was.GetValueOrDefault(change.Path));
    }

    // The folders above a path that is to exist: there, or to be made, or a conflict.
    private bool PlanFolders(RepositoryPath path)
    {
        foreach (var folder in path.Ancestors())
        {
            if (wanted.Contains(folder))
            {
                Refuse("path/file-and-folder", "is to be a file and a folder at once", folder, null);
                return false;
            }
            if (made.Contains(folder)) continue;
            if (deleted.Contains(folder) || (folder.Parent is { } parent && made.Contains(parent)))
            {
                made.Add(folder);
                continue;
            }
            if (folders.Get(folder) is not null) continue;
            if (files.Stat(folders.Get(folder.Parent)!, folder.Name) is { } stands)
            {
                conflicts.Add(new(path, null, null, stands.Kind == NodeKind.Symlink
                    ? $"'{folder}' is a symlink; a change is never written through one."
                    : $"'{folder}' must be a folder of the codebase's own file system, and is not."));
                return false;
            }
            made.Add(folder);
        }
        return true;
    }

    private void Inspect(FileChange change)
    {
        var path = change.Path;
        var folder = path.Parent is { } parent && made.Contains(parent) ? null : folders.Get(path.Parent);
        if (folder is null)
        {
            if (change.Before is not null) Conflict(change, null, "its folder is gone, or is now a symlink");
            return;
        }
        Judge(path.Parent);
        var info = files.Stat(folder, path.Name);
        if (info is { Kind: NodeKind.Directory } && change is { Before: null, After: not null })
        {
            becomeFiles.Add(path);
            return;
        }
        if (info is { Kind: NodeKind.Other })
        {
            Refuse("file/special", "is a FIFO, socket or device, which is never replaced", path, "Move it out of the way, then try again.");
            return;
        }
        var seen = files.Look(folder, path.Name);
        if (!seen.Is(change.Before))
        {
            Conflict(change, seen.State, $"{seen} stands there that is not what the change was made for");
            return;
        }
        if (info is null || change.Before is null) return;
        if (info.IsImmutable) Refuse("file/immutable", "is marked immutable or append-only", path, "Take the mark off (chattr -i -a), then try again.");
        if (info is { Kind: NodeKind.File, Links: > 1 } && !request.AllowHardLinks)
            Refuse("file/hard-link", $"has {info.Links} hard links: its other names would keep the old content", path, "Break the link (copy the file over itself), then try again.");
        was[path] = new(info.Mode, info.Uid, info.Gid, Extended(folder, path.Name, info.Kind));
    }

    private IReadOnlyDictionary<string, byte[]> Extended(DirectoryHandle folder, string name, NodeKind kind)
    {
        if (kind != NodeKind.File) return new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using var file = files.OpenFile(folder, name);
        return files.ReadAttributes(file);
    }

    // Whether entries of a folder may be changed at all: told before anything is, where it can be known.
    private void Judge(RepositoryPath? path)
    {
        if (!judgedFolders.Add(path) || folders.Get(path) is not { } folder) return;
        var shown = path?.ToString() ?? ".";
        if (files.Stat(folder).IsImmutable) Refuse("file/immutable", $"lies in '{shown}', which is marked immutable or append-only", path, "Take the mark off (chattr -i -a), then try again.");
        else if (!files.MayChangeEntries(folder)) Refuse("file/no-permission", $"the folder '{shown}' can't be written by the user who runs this", path, "Mend the folder's permissions, or run as its owner.");
    }

    private void Conflict(FileChange change, FileState? found, string what) =>
        conflicts.Add(new(change.Path, change.Before, found, $"'{change.Path}': {what}. It was left as it is."));

    private void Refuse(string rule, string what, RepositoryPath? path, string? remedy) =>
        findings.Add(new(Severity.Error, rule, path is null ? what : $"'{path}' {what}.", path, null, remedy));
}
