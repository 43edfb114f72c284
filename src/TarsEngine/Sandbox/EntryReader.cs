using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>Reads what commands left, entry by entry, and notes what changed and what can't be carried.</summary>
/// <param name="staged">The tree as it was put in.</param>
/// <param name="objects">Takes the new contents; null to only note where something stands.</param>
internal sealed class EntryReader(FileSystem files, TreeSnapshot staged, ObjectStore? objects, Func<RepositoryPath, bool> ignored)
{
    private const int OwnerAll = 0b111_000_000, OwnerRead = 0b100_000_000;

    private readonly List<FileChange> changes = [];
    private readonly List<Finding> findings = [];
    private readonly HashSet<RepositoryPath> stagedFolders = [.. staged.Entries.Keys.SelectMany(path => path.Ancestors())];

    /// <summary>Where a file or symlink stands now.</summary>
    public HashSet<RepositoryPath> Seen { get; } = [];

    /// <summary>Where anything but a folder stands now and nothing was put in.</summary>
    public List<RepositoryPath> New { get; } = [];

    public bool IsStagedFolder(RepositoryPath path) => stagedFolders.Contains(path);

    /// <summary>The path of a name; null, with a finding where it counts, when no change can carry it.</summary>
    public RepositoryPath? PathOf(DirectoryHandle folder, RepositoryPath? parent, string name, EntryInfo info, bool isIgnored)
    {
        if (!RepositoryPath.TryParse(parent is { } above ? above.Value + "/" + name : name, out var path, out var problem))
        {
            if (!isIgnored) Leave("workspace/name", $"{problem} A command made it; it is left out.", null);
            return null;
        }
        if (!path.IsMetadata) return path;
        // The place where the sandbox shows its own .git may stay behind as an empty folder.
        if (!isIgnored && !(info.Kind == NodeKind.Directory && IsEmpty(folder, name)))
            Leave("workspace/metadata", $"A command wrote '{path}', which belongs to git or to the system; it is left out.", path);
        return null;
    }

    /// <summary>Whether the ignore rules keep a path out that was not put in.</summary>
    public bool IsIgnored(RepositoryPath path, bool parentIgnored) => staged[path] is null && (parentIgnored || ignored(path));

    /// <summary>True when what a folder holds counts; it is made readable then.</summary>
    public bool Enters(DirectoryHandle folder, RepositoryPath path, EntryInfo info, bool isIgnored)
    {
        if (isIgnored && !IsStagedFolder(path)) return false;
        if ((info.Mode & OwnerAll) != OwnerAll) files.SetMode(folder, path.Name, OwnerAll);
        return true;
    }

    /// <summary>Compares a file or symlink with what was put in.</summary>
    /// <param name="isUntouched">True when it is known without reading that it is as it was.</param>
    public void Read(DirectoryHandle folder, RepositoryPath path, EntryInfo info, bool isUntouched = false)
    {
        if (staged[path] is null) New.Add(path);
        if (objects is null) return;
        if (info.Kind == NodeKind.Other)
        {
            Leave("workspace/special-file", $"A command left '{path}', a FIFO, socket or device; no change can carry it, it is left out.", path);
            return;
        }
        Seen.Add(path);
        var before = staged[path];
        if (before is not null && isUntouched) return;
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

    /// <summary>Notes what came to stand at a path without being read.</summary>
    public void Moved(RepositoryPath path, FileState after)
    {
        if (staged[path] is null) New.Add(path);
        Seen.Add(path);
        changes.Add(new(path, staged[path], after));
    }

    /// <summary>All that changed, once it is known what went.</summary>
    public WorkspaceReading Finish(Func<RepositoryPath, bool> isGone)
    {
        foreach (var (path, before) in staged.Entries)
        {
            if (!Seen.Contains(path) && isGone(path)) changes.Add(new(path, before, null));
        }
        return new(new ChangeSet(WithOrigins()), findings);
    }

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
