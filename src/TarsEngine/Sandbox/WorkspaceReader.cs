using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>Compares a workspace on disk with the tree that was put in. Looks at what stands there, whatever a tool said that it did.</summary>
internal sealed class WorkspaceReader(
    FileSystem files, DirectoryHandle root, IReadOnlyDictionary<RepositoryPath, (FileState State, EntryInfo Info)> written,
    TreeSnapshot staged, ObjectStore objects, Func<RepositoryPath, bool> ignored)
{
    // Clocks tick coarsely: a file whose change time is this close to the last write may have been changed without showing it.
    private const long RacyNanoseconds = 50_000_000;
    private const int OwnerAll = 0b111_000_000, OwnerRead = 0b100_000_000;

    private readonly List<FileChange> changes = [];
    private readonly List<Finding> findings = [];
    private readonly HashSet<RepositoryPath> seen = [];
    private readonly HashSet<RepositoryPath> stagedFolders = [.. staged.Entries.Keys.SelectMany(path => path.Ancestors())];
    private readonly long lastWrite = written.Count == 0 ? 0 : written.Values.Max(entry => entry.Info.CtimeNs);
    private readonly Stack<(RepositoryPath Folder, bool Ignored)> pending = [];

    public WorkspaceReading Read()
    {
        ReadFolder(null, isIgnored: false);
        while (pending.TryPop(out var next)) ReadFolder(next.Folder, next.Ignored);
        foreach (var (path, before) in staged.Entries)
        {
            if (!seen.Contains(path)) changes.Add(new(path, before, null));
        }
        return new(new ChangeSet(WithOrigins()), findings);
    }

    private void ReadFolder(RepositoryPath? path, bool isIgnored)
    {
        using var folder = files.OpenDirectory(root, path);
        if (folder is null) return;
        foreach (var name in files.List(folder)) ReadEntry(folder, path, name, isIgnored);
    }

    private void ReadEntry(DirectoryHandle folder, RepositoryPath? parent, string name, bool isIgnored)
    {
        if (files.Stat(folder, name) is not { } info) return;
        if (!RepositoryPath.TryParse(parent is { } above ? above.Value + "/" + name : name, out var path, out var problem))
        {
            if (!isIgnored) Leave("workspace/name", $"{problem} A command made it; it is left out.", null);
            return;
        }
        if (path.IsMetadata)
        {
            // The place where the sandbox shows its own .git may stay behind as an empty folder.
            if (!isIgnored && !(info.Kind == NodeKind.Directory && IsEmpty(folder, name)))
                Leave("workspace/metadata", $"A command wrote '{path}', which belongs to git or to the system; it is left out.", path);
            return;
        }
        var before = staged[path];
        isIgnored = before is null && (isIgnored || ignored(path));
        if (info.Kind == NodeKind.Directory)
        {
            if (isIgnored && !stagedFolders.Contains(path)) return;
            if ((info.Mode & OwnerAll) != OwnerAll) files.SetMode(folder, name, OwnerAll);
            pending.Push((path, isIgnored));
        }
        else if (info.Kind == NodeKind.Other)
        {
            if (!isIgnored) Leave("workspace/special-file", $"A command left '{path}', a FIFO, socket or device; no change can carry it, it is left out.", path);
        }
        else if (!isIgnored)
        {
            seen.Add(path);
            Compare(folder, path, before, info);
        }
    }

    private void Compare(DirectoryHandle folder, RepositoryPath path, FileState? before, EntryInfo info)
    {
        if (before is not null && IsUntouched(path, before, info)) return;
        // A file that a command made unreadable is ours all the same; its own mode is what counts.
        if (info.Kind == NodeKind.File && (info.Mode & OwnerRead) == 0) files.SetMode(folder, path.Name, info.Mode | OwnerRead);
        var after = files.Capture(folder, path.Name)!;
        if (info.Kind == NodeKind.File) after = after with { Mode = info.Mode };
        if (after == before) return;
        Stream content = after.Kind == EntryKind.File ? files.OpenRead(folder, path.Name) : new MemoryStream(files.ReadLink(folder, path.Name));
        using (content)
        {
            var (hash, size) = objects.Put(content);
            changes.Add(new(path, before, after with { Hash = hash, Size = size }));
        }
    }

    private bool IsUntouched(RepositoryPath path, FileState before, EntryInfo info) =>
        written.TryGetValue(path, out var put) && put.State == before && put.Info == info && info.CtimeNs + RacyNanoseconds < lastWrite;

    private bool IsEmpty(DirectoryHandle parent, string name)
    {
        using var folder = files.OpenFolder(parent, name);
        return files.List(folder).Count == 0;
    }

    private void Leave(string rule, string message, RepositoryPath? path) =>
        findings.Add(new(Severity.Hold, rule, message, path, Remedy: "Change the command so that it does not, or remove it in the command's last line."));

    /// <summary>A new path with the very content of one that went shows where it came from.</summary>
    private IEnumerable<FileChange> WithOrigins()
    {
        var gone = changes.Where(change => change.After is null && change.Before!.Size > 0)
            .GroupBy(change => change.Before!.Hash).ToDictionary(same => same.Key, same => same.First().Path);
        return changes.Select(change => change.Before is null && gone.TryGetValue(change.After!.Hash, out var origin)
            ? new FileChange(change.Path, null, change.After, origin)
            : change);
    }
}
