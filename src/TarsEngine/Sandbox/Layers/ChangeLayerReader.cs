using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox.Layers;

/// <summary>
/// Reads what commands changed from the layer that they wrote: files, whiteouts, folders that hide what lay below them, and folders
/// that were moved as a whole. Its cost follows the change, not the tree.
/// </summary>
internal sealed class ChangeLayerReader(
    FileSystem files, DirectoryHandle root, OverlayKind kind, TreeSnapshot staged, ObjectStore? objects, Func<RepositoryPath, bool> ignored)
{
    private readonly EntryReader entries = new(files, staged, objects, ignored);
    private readonly OverlayMarks marks = new(files, kind);

    /// <summary>What lies below these no longer shows; nor do they themselves, unless they were seen.</summary>
    private readonly HashSet<RepositoryPath> hidden = [];
    private readonly List<(RepositoryPath To, RepositoryPath From)> moved = [];
    private readonly Stack<Place> pending = [];

    /// <param name="Below">Where the layers below have this folder; null where they have none that shows.</param>
    private sealed record Place(RepositoryPath? Path, RepositoryPath? Below, bool ShowsBelow, bool Ignored);

    public WorkspaceReading Read()
    {
        ReadAll();
        return entries.Finish(IsHidden);
    }

    /// <summary>Every path, of no folder, that was not put in.</summary>
    public IReadOnlyList<RepositoryPath> NewPaths()
    {
        ReadAll();
        return entries.New;
    }

    private void ReadAll()
    {
        ReadFolder(new(null, null, ShowsBelow: true, Ignored: false));
        while (pending.TryPop(out var next)) ReadFolder(next);
        foreach (var (to, from) in moved) ReadMoved(to, from);
    }

    private void ReadFolder(Place place)
    {
        using var folder = files.OpenDirectory(root, place.Path);
        if (folder is null) return;
        foreach (var name in files.List(folder)) ReadEntry(folder, place, name);
    }

    private void ReadEntry(DirectoryHandle folder, Place place, string name)
    {
        if (files.Stat(folder, name) is not { } info || entries.PathOf(folder, place.Path, name, info, place.Ignored) is not { } path) return;
        if (info.IsWhiteout)
        {
            hidden.Add(path);
            return;
        }
        var isIgnored = entries.IsIgnored(path, place.Ignored);
        if (info.Kind == NodeKind.Directory)
        {
            if (entries.Enters(folder, path, info, isIgnored)) Enter(folder, place, path, isIgnored);
            return;
        }
        if (entries.IsStagedFolder(path)) hidden.Add(path);
        if (!isIgnored) entries.Read(folder, path, info);
    }

    private void Enter(DirectoryHandle parent, Place place, RepositoryPath path, bool isIgnored)
    {
        var mark = marks.Of(parent, path.Name);
        var below = mark.MovedFrom is { } from
            ? from.StartsWith('/') ? RepositoryPath.Parse(from[1..]) : Under(place.Below, from)
            : place.ShowsBelow ? Under(place.Below, path.Name) : (RepositoryPath?)null;
        var shows = !mark.IsOpaque && below is { } lower && entries.IsStagedFolder(lower);
        if (!shows || below != path || staged[path] is not null) hidden.Add(path);
        if (shows && below != path) moved.Add((path, below!.Value));
        pending.Push(new(path, below, shows, isIgnored));
    }

    /// <summary>What was carried along in a folder without being touched.</summary>
    private void ReadMoved(RepositoryPath to, RepositoryPath from)
    {
        foreach (var (path, state) in staged.Entries.Where(entry => entry.Key.IsUnder(from)).ToList())
        {
            var now = RepositoryPath.Parse(to.Value + path.Value[from.Value.Length..]);
            var covered = now.Ancestors().Append(now).Any(place => place.IsUnder(to) && hidden.Contains(place));
            if (covered || entries.Seen.Contains(now) || entries.IsIgnored(now, parentIgnored: false)) continue;
            entries.Moved(now, state);
        }
    }

    private bool IsHidden(RepositoryPath path) => hidden.Count > 0 && path.Ancestors().Append(path).Any(hidden.Contains);

    private static RepositoryPath Under(RepositoryPath? folder, string name) => RepositoryPath.Parse(folder is { } above ? above.Value + "/" + name : name);
}
