using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>
/// A codebase in memory: reads come from the base, writes go to the object store, and the disk is never touched. The one door for
/// edits, so that what can't stand on a disk, or would lead out of the codebase, is refused in one place.
/// Every edit answers null when it is done, or the finding that says why it is refused; then nothing changed. For one thread.
/// </summary>
public sealed class VirtualFileSystem
{
    /// <summary>Mode of a new file.</summary>
    public const int FileMode = 0b110_100_100;

    /// <summary>Mode of a new file that can be run.</summary>
    public const int ExecutableMode = 0b111_101_101;

    /// <summary>The rule of a finding that refuses a change through a symlink.</summary>
    public const string ThroughSymlinkRule = "edit/through-symlink";

    /// <summary>The rule of a finding that refuses a name which differs from another by letter case only.</summary>
    public const string CaseTwinRule = "edit/case-twin";

    private const int ModeBits = 0b111_111_111_111;
    private readonly TreeContent content;
    private readonly ObjectStore objects;
    private readonly TreeIndex index;
    private readonly Dictionary<RepositoryPath, Layer> layers = [];
    private readonly List<(RepositoryPath Path, Layer? Before)> log = [];

    public VirtualFileSystem(TreeSnapshot baseTree, TreeContent content, ObjectStore objects)
    {
        (Base, this.content, this.objects) = (baseTree, content, objects);
        index = new TreeIndex(baseTree.Entries.Keys);
    }

    /// <summary>What lies over the base at a path; a null state is absence.</summary>
    private sealed record Layer(FileState? State, RepositoryPath? Origin);

    /// <summary>The tree that all this began from.</summary>
    public TreeSnapshot Base { get; }

    /// <summary>What stands at a path now; null for nothing and for a folder.</summary>
    public FileState? this[RepositoryPath path] => layers.TryGetValue(path, out var layer) ? layer.State : Base[path];

    public bool IsFolder(RepositoryPath path) => index.IsFolder(path);

    /// <summary>The bytes of a file, or of a link's target.</summary>
    /// <exception cref="KeyNotFoundException">Nothing stands there: look first.</exception>
    public byte[] Read(RepositoryPath path) =>
        content.Read(path, this[path] ?? throw new KeyNotFoundException($"There is no file '{path}'."));

    /// <summary>Makes a file where nothing is.</summary>
    public Finding? Create(RepositoryPath path, ReadOnlySpan<byte> bytes, int mode = FileMode) =>
        CheckCreate(path) ?? Put(path, new(EntryKind.File, mode & ModeBits, objects.Put(bytes), bytes.Length));

    /// <summary>Makes a file of stored content where nothing is.</summary>
    public Finding? Create(RepositoryPath path, ContentHash stored, long size, int mode = FileMode) =>
        CheckCreate(path) ?? Put(path, new(EntryKind.File, mode & ModeBits, stored, size));

    /// <summary>Makes a symlink where nothing is.</summary>
    /// <param name="target">Its text as bytes, in the object store.</param>
    public Finding? CreateSymlink(RepositoryPath path, ContentHash target, long size) =>
        CheckCreate(path) ?? Put(path, new(EntryKind.Symlink, FileState.SymlinkMode, target, size));

    /// <summary>Gives a file that is there new content; its mode stays unless one is given.</summary>
    public Finding? Replace(RepositoryPath path, ReadOnlySpan<byte> bytes, int? mode = null) =>
        CheckFile(path) ?? Put(path, new(EntryKind.File, (mode ?? this[path]!.Mode) & ModeBits, objects.Put(bytes), bytes.Length));

    /// <summary>The same, with stored content.</summary>
    public Finding? Replace(RepositoryPath path, ContentHash stored, long size, int? mode = null) =>
        CheckFile(path) ?? Put(path, new(EntryKind.File, (mode ?? this[path]!.Mode) & ModeBits, stored, size));

    /// <summary>Points a symlink that is there elsewhere.</summary>
    public Finding? Retarget(RepositoryPath path, ContentHash target, long size) => CheckThere(path) ?? this[path] switch
    {
        { Kind: EntryKind.Symlink } => Put(path, new(EntryKind.Symlink, FileState.SymlinkMode, target, size)),
        _ => Refuse("edit/not-a-symlink", path, $"'{path}' is a file, not a symlink.", "Delete it first, if a symlink shall take its place."),
    };

    public Finding? SetMode(RepositoryPath path, int mode)
    {
        if (CheckFile(path) is { } refused) return refused;
        Keep(path);
        return Put(path, this[path]! with { Mode = mode & ModeBits });
    }

    /// <summary>Removes a file, or a symlink (never what it points to).</summary>
    public Finding? Delete(RepositoryPath path) => CheckThere(path) ?? Put(path, null);

    /// <summary>Moves a file or symlink to where nothing is.</summary>
    public Finding? Rename(RepositoryPath from, RepositoryPath to)
    {
        if (CheckThere(from) is { } refused) return refused;
        if (from == to) return null;
        Keep(from);
        var state = this[from]!;
        var origin = layers.GetValueOrDefault(from)?.Origin ?? from;
        var before = Checkpoint();
        Put(from, null); // first: 'a' may become 'a/b', and 'readme' 'README'
        if (CheckCreate(to) is { } clash)
        {
            RestoreTo(before);
            return clash;
        }
        return Put(to, state, origin);
    }

    /// <summary>Applies a whole change: all of it, or nothing and the finding that says why. New contents must be in the object store.</summary>
    public Finding? Apply(ChangeSet changes)
    {
        var before = Checkpoint();
        var refused = changes.Select(change => this[change.Path] == change.Before
            ? null
            : Refuse("edit/conflict", change.Path, $"'{change.Path}' is not what the change expects to find.", null)).FirstOrDefault(finding => finding is not null);
        // What goes, goes first, so that a file can become a folder, a folder a file, and a name another case of itself.
        foreach (var change in changes.Where(c => refused is null && c.Before?.Hash == c.After?.Hash)) Keep(change.Path);
        foreach (var change in changes.Where(c => c.Before is not null && (c.After is null || c.After.Kind != c.Before.Kind)))
            refused ??= Delete(change.Path);
        foreach (var change in changes.Where(c => c.After is not null))
            refused ??= this[change.Path] is null
                ? CheckCreate(change.Path) ?? Put(change.Path, change.After, change.RenamedFrom)
                : CheckThere(change.Path) ?? Put(change.Path, change.After, change.RenamedFrom);
        if (refused is not null) RestoreTo(before);
        return refused;
    }

    /// <summary>A point to come back to.</summary>
    public VirtualCheckpoint Checkpoint() => new(log.Count);

    /// <summary>Takes back every edit since <paramref name="checkpoint"/>; points after it are gone.</summary>
    public void RestoreTo(VirtualCheckpoint checkpoint)
    {
        for (; log.Count > checkpoint.Position; log.RemoveAt(log.Count - 1))
        {
            var (path, before) = log[^1];
            SetLayer(path, before);
        }
    }

    /// <summary>Everything that is not as in the base; what was made and deleted again is not in it.</summary>
    public ChangeSet ToChangeSet() => ChangesSince(new(0));

    /// <summary>What changed since <paramref name="checkpoint"/>.</summary>
    public ChangeSet ChangesSince(VirtualCheckpoint checkpoint)
    {
        var earlier = new Dictionary<RepositoryPath, Layer?>();
        for (var i = checkpoint.Position; i < log.Count; i++) earlier.TryAdd(log[i].Path, log[i].Before);
        return new(earlier
            .Select(entry => (Path: entry.Key, Before: entry.Value is null ? Base[entry.Key] : entry.Value.State, After: this[entry.Key]))
            .Where(change => change.Before != change.After)
            .Select(change => new FileChange(change.Path, change.Before, change.After, change.Before is null ? layers[change.Path].Origin : null)));
    }

    /// <summary>The whole tree as it is now.</summary>
    public TreeSnapshot ToSnapshot() => ToChangeSet().ApplyTo(Base);

    private static Finding Refuse(string rule, RepositoryPath path, string message, string? remedy) =>
        new(Severity.Error, rule, message, path, Remedy: remedy);

    private Finding? CheckWay(RepositoryPath path)
    {
        if (path.IsMetadata)
            return Refuse("edit/metadata", path, $"'{path}' belongs to git or to tars itself; no change may touch it.", "Leave it out of the change.");
        foreach (var folder in path.Ancestors())
        {
            if (this[folder] is { Kind: EntryKind.Symlink })
                return Refuse(ThroughSymlinkRule, path, $"'{path}' lies behind the symlink '{folder}'; nothing is changed through a symlink.", "Name the file by its real path.");
        }
        return null;
    }

    private Finding? CheckThere(RepositoryPath path) => CheckWay(path) ?? (this[path] is not null ? null
        : IsFolder(path) ? Refuse("edit/folder", path, $"'{path}' is a folder, not a file.", "Name the files in it.")
        : Refuse("edit/missing", path, $"There is no file '{path}' to change.", "Check the name, or create it."));

    private Finding? CheckFile(RepositoryPath path) => CheckThere(path) ?? (this[path]!.Kind == EntryKind.File ? null
        : Refuse(ThroughSymlinkRule, path, $"'{path}' is a symlink; nothing is changed through a symlink.", "Name the file that it points to, or delete the link first."));

    private Finding? CheckCreate(RepositoryPath path)
    {
        if (CheckWay(path) is { } refused) return refused;
        if (this[path] is not null) return Refuse("edit/exists", path, $"'{path}' is there already.", "Replace it, or choose another name.");
        if (IsFolder(path)) return Refuse("edit/folder", path, $"'{path}' is a folder that holds files; a file can't take its place.", "Delete what is in it in the same change.");
        foreach (var folder in path.Ancestors())
        {
            if (this[folder] is not null)
                return Refuse("edit/file-in-file", path, $"'{path}' can't be made: '{folder}' is a file, not a folder.", "Delete that file in the same change.");
        }
        return index.TwinOf(path) is { } twin
            ? Refuse(CaseTwinRule, path, $"'{path}' and '{twin}' differ by letter case only; some systems hold only one of them.", "Choose another name, or rename the other in the same change.")
            : null;
    }

    /// <summary>The content stays reachable when its file is moved or replaced in the codebase.</summary>
    private void Keep(RepositoryPath path)
    {
        if (!objects.Contains(this[path]!.Hash)) objects.Put(Read(path));
    }

    private Finding? Put(RepositoryPath path, FileState? state, RepositoryPath? origin = null)
    {
        log.Add((path, layers.GetValueOrDefault(path)));
        SetLayer(path, new(state, origin));
        return null;
    }

    private void SetLayer(RepositoryPath path, Layer? layer)
    {
        var was = this[path] is not null;
        if (layer is null) layers.Remove(path);
        else layers[path] = layer;
        var isNow = this[path] is not null;
        if (isNow && !was) index.Add(path);
        else if (was && !isNow) index.Remove(path);
    }
}

/// <summary>A point in a <see cref="VirtualFileSystem"/>'s history.</summary>
public readonly record struct VirtualCheckpoint(int Position);
