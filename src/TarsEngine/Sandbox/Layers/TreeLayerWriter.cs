using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox.Layers;

/// <summary>Writes the difference between two trees as a layer: what is new or changed as it is, what is gone as whiteouts.</summary>
internal sealed class TreeLayerWriter(FileSystem files, TreeContent content)
{
    /// <param name="folder">Absolute, and empty.</param>
    /// <param name="tree">What shows with the layer in place.</param>
    /// <param name="notBeforeNs">Every file gets a later time of modification than this.</param>
    /// <returns>The newest time of modification in it, in nanoseconds since 1970.</returns>
    public long Write(string folder, ChangeSet difference, TreeSnapshot tree, long notBeforeNs)
    {
        using var root = files.OpenRoot(folder);
        using var writer = new WorkspaceTree(files, root) { NotBeforeNs = notBeforeNs };
        var gone = Topmost(difference, tree);
        foreach (var change in difference)
        {
            if (change.After is not { } state) continue;
            using var bytes = content.Open(change.Path, state);
            writer.Put(change.Path, state, bytes);
        }
        foreach (var path in gone) writer.Hide(path);
        return Math.Max(notBeforeNs, writer.Written.Values.Select(entry => entry.Info.MtimeNs).DefaultIfEmpty().Max());
    }

    // A folder that goes whole is hidden whole, with everything that builds have put into it.
    private static HashSet<RepositoryPath> Topmost(ChangeSet difference, TreeSnapshot tree)
    {
        var removed = difference.Where(change => change.After is null).Select(change => change.Path).ToList();
        if (removed.Count == 0) return [];
        var folders = tree.Entries.Keys.SelectMany(path => path.Ancestors()).ToHashSet();
        var gone = new HashSet<RepositoryPath>();
        foreach (var path in removed)
        {
            var top = path.Ancestors().Append(path).First(place => !folders.Contains(place) || place == path);
            // Where a file took a folder's place, or a folder a file's, what is there hides it.
            if (tree[top] is null && !folders.Contains(top)) gone.Add(top);
        }
        return gone;
    }
}
