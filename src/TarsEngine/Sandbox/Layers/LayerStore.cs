using System.Security.Cryptography;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox.Layers;

/// <summary>
/// The layers on disk. They are only a cache: whatever is in doubt is made anew. A layer gets its name when it is whole, so a kill
/// leaves nothing half; a lock that every user of a layer shares keeps it from being removed.
/// </summary>
internal sealed class LayerStore(StateFolder state, FileSystem files, TimeProvider clock)
{
    /// <summary>Each layer makes looking up a little slower, and a mount's options are bounded: past this, layers are put together into one.</summary>
    public const int MostLayers = 16;

    private const int TreesToCompare = 4;
    private const int OwnerOnly = 0b111_000_000;
    private const string HoldName = "hold", LandedName = "landed", NewPrefix = "new-";
    private string FolderName => Path.GetFileName(state.Layers);

    /// <summary>Layers that together show the tree; with what builds made of it, or of one that hardly differs, where there is any.</summary>
    /// <param name="checks">Which checks' outputs may show; null for none.</param>
    /// <exception cref="ContentMovedException">The codebase changed since the snapshot.</exception>
    public LayerStack Stand(TreeSnapshot tree, TreeContent content, ContentHash? checks)
    {
        var layers = List();
        if (Best(layers.Where(layer => layer.Tree == tree.Hash), checks) is { } exact && TryHold(exact) is { } held)
        {
            // The codebase is that change now: what its code built is the codebase's own.
            if (exact.IsOfChange) File.WriteAllBytes(Path.Combine(PathOf(exact.Name), LandedName), []);
            return held;
        }
        var writer = new TreeLayerWriter(files, content);
        if (Nearest(layers, tree, checks) is { } near && TryHold(near.Below) is { } below)
            return Add(LayerKind.Tree, tree, below.Top.Checks, below.Top, below, folder => writer.Write(folder, near.Difference, tree, below.Top.NewestNs), Size(near.Difference), isOfChange: false);
        var all = ChangeSet.Between(TreeSnapshot.Empty, tree);
        return Add(LayerKind.Tree, tree, null, null, null, folder => writer.Write(folder, all, tree, 0), Size(all), isOfChange: false);
    }

    /// <summary>The tree that was built with the checks and differs least from another; null when none is near.</summary>
    public TreeSnapshot? FindBuilt(TreeSnapshot tree, ContentHash checks)
    {
        var layers = List();
        var built = layers.Where(layer => layer.Checks == checks && (layer.Tree == tree.Hash || ServesOthers(layer)) && IsBuilt(layer, layers)).Select(layer => layer.Tree).Distinct();
        return built.OrderBy(hash => hash != tree.Hash).Take(TreesToCompare).Select(hash => TreeOf(hash, layers)).OfType<TreeSnapshot>()
            .MinBy(known => known.Hash == tree.Hash ? -1 : ChangeSet.Between(known, tree).Count);
    }

    /// <summary>Takes a folder in as a layer on top of others: from then on it is the store's.</summary>
    /// <param name="checks">Which checks' outputs are in it or below it; null for none.</param>
    /// <param name="below">Stays the caller's; null when the layer shows the tree alone.</param>
    /// <param name="folder">Its files, absolute, on the state folder's file system.</param>
    /// <param name="isOfChange">Code of a change wrote it: until that is the codebase, it serves this very tree and no other.</param>
    public LayerStack Adopt(LayerKind kind, TreeSnapshot tree, ContentHash? checks, LayerStack? below, string folder, long newestNs, long bytes, bool isOfChange) =>
        Add(kind, tree, checks, below?.Top, null, target =>
        {
            Directory.Delete(target);
            Directory.Move(folder, target);
            return newestNs;
        }, bytes, isOfChange);

    /// <summary>All that are whole, the last used first.</summary>
    public IReadOnlyList<Layer> List()
    {
        var folders = new DirectoryInfo(state.Layers).EnumerateDirectories("L-*").OrderByDescending(folder => LastUsed(folder.FullName));
        var whole = folders.Select(folder => LayerFile.Read(folder.FullName)).OfType<Layer>().ToList();
        var names = whole.Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        return [.. whole.Where(layer => layer.Below.All(names.Contains))];
    }

    /// <summary>
    /// Removes layers that nobody uses, the longest unused first: those not used for so long, and as many as it takes to come below
    /// the number of bytes; and what kills and missing parts have left useless.
    /// </summary>
    public LayerCollection Collect(long mostBytes, TimeSpan mostAge)
    {
        var removed = new List<string>();
        long freed = 0, kept = 0;
        var layers = List();
        var useful = layers.Select(layer => layer.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var folder in Directory.EnumerateDirectories(state.Layers).Where(folder => !useful.Contains(Path.GetFileName(folder)))) TryRemove(folder);
        var now = clock.GetUtcNow();
        // Whoever uses a layer uses those below it: they come before it here, and what lies on one that goes is useless.
        var used = layers.ToDictionary(layer => layer.Name, layer => layers.Where(other => other.Stack.Contains(layer.Name, StringComparer.Ordinal)).Max(other => LastUsed(PathOf(other.Name))), StringComparer.Ordinal);
        foreach (var layer in layers.OrderByDescending(layer => used[layer.Name]).ThenBy(layer => layer.Below.Count))
        {
            var wanted = kept + layer.Bytes <= mostBytes && now - used[layer.Name] <= mostAge && !layer.Below.Any(removed.Contains);
            if (wanted || !TryRemove(PathOf(layer.Name))) kept += layer.Bytes;
            else
            {
                removed.Add(layer.Name);
                freed += layer.Bytes;
            }
        }
        return new(removed.Count, freed, kept);
    }

    // Else a change that nobody wanted could shape the verdict on another.
    private bool ServesOthers(Layer layer) => !layer.IsOfChange || File.Exists(Path.Combine(PathOf(layer.Name), LandedName));

    private static Layer? Best(IEnumerable<Layer> layers, ContentHash? checks) => layers
        .Where(layer => layer.Checks is null || layer.Checks == checks)
        .OrderByDescending(layer => layer.Checks is not null).ThenByDescending(layer => layer.Kind).ThenBy(layer => layer.Below.Count)
        .FirstOrDefault();

    // A tree layer may lie on what was built of another tree.
    private static bool IsBuilt(Layer layer, IReadOnlyList<Layer> layers) =>
        layer.Kind == LayerKind.Outputs || layer.Below.Count == 0 || layers.FirstOrDefault(below => below.Name == layer.Below[0])?.Checks is null;

    private TreeSnapshot? TreeOf(ContentHash hash, IEnumerable<Layer> layers) =>
        layers.Where(layer => layer.Kind == LayerKind.Tree && layer.Tree == hash).Select(layer => LayerFile.ReadTree(PathOf(layer.Name))).FirstOrDefault(read => read?.Hash == hash);

    private (Layer Below, ChangeSet Difference)? Nearest(IReadOnlyList<Layer> layers, TreeSnapshot tree, ContentHash? checks)
    {
        (Layer Below, ChangeSet Difference)? nearest = null;
        foreach (var same in layers.Where(layer => layer.Below.Count < MostLayers).GroupBy(layer => layer.Tree).Take(TreesToCompare))
        {
            if (TreeOf(same.Key, layers) is not { } known) continue;
            var difference = ChangeSet.Between(known, tree);
            if (difference.Count > Math.Max(200, tree.Entries.Count / 4) || difference.Count >= (nearest?.Difference.Count ?? int.MaxValue)) continue;
            if (Best(same.Where(ServesOthers), BuildInputs.Stay(difference) ? checks : null) is { } below) nearest = (below, difference);
        }
        return nearest;
    }

    /// <param name="held">Becomes part of the result.</param>
    private LayerStack Add(LayerKind kind, TreeSnapshot tree, ContentHash? checks, Layer? below, LayerStack? held, Func<string, long> write, long bytes, bool isOfChange)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        using var layers = files.OpenRoot(state.Layers);
        files.CreateDirectory(layers, NewPrefix + id, OwnerOnly);
        var folder = PathOf(NewPrefix + id);
        var building = Lock(folder, exclusive: true);
        var inside = Directory.CreateDirectory(Path.Combine(folder, Layer.FilesName)).FullName;
        try
        {
            var newest = write(inside);
            var layer = new Layer("L-" + id, kind, tree.Hash, checks, below?.Stack ?? [], newest, bytes, isOfChange);
            LayerFile.Write(folder, layer, kind == LayerKind.Tree ? tree : null);
            files.RenameNoReplace(layers, NewPrefix + id, layers, layer.Name);
            // The same lock, now shared: to let go of it and take it again would leave a moment in which it is nobody's.
            if (building is not null && files.TryLock(building, exclusive: false)) files.SetModified(building, clock.GetUtcNow());
            return new(FolderName, layer, [.. building is null ? [] : new[] { building }, .. held?.Holds ?? []]);
        }
        catch
        {
            building?.Dispose();
            held?.Dispose();
            files.RemoveTree(layers, NewPrefix + id);
            throw;
        }
    }

    private LayerStack? TryHold(Layer layer)
    {
        var holds = new List<FileHandle>();
        foreach (var name in layer.Stack)
        {
            if (Lock(PathOf(name), exclusive: false) is { } hold) holds.Add(hold);
            else
            {
                foreach (var taken in holds) taken.Dispose();
                return null;
            }
        }
        return new(FolderName, layer, holds);
    }

    /// <summary>Null when it is gone, or its users don't allow it.</summary>
    private FileHandle? Lock(string folder, bool exclusive)
    {
        try
        {
            using var place = files.OpenRoot(folder);
            var hold = files.OpenOrCreateFile(place, HoldName, 0b110_000_000);
            if (files.TryLock(hold, exclusive) && Directory.Exists(folder))
            {
                if (!exclusive) files.SetModified(hold, clock.GetUtcNow());
                return hold;
            }
            hold.Dispose();
            return null;
        }
        catch (FileSystemException gone) when (gone.Error == Errno.NotFound)
        {
            return null;
        }
    }

    private bool TryRemove(string folder)
    {
        using var hold = Lock(folder, exclusive: true);
        if (hold is null) return false;
        using var layers = files.OpenRoot(state.Layers);
        // Under another name first: whoever looks for it now finds none, and a kill in between leaves what the next collection removes.
        var gone = "gone-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        files.RenameNoReplace(layers, Path.GetFileName(folder), layers, gone);
        files.RemoveTree(layers, gone);
        return true;
    }

    private static DateTimeOffset LastUsed(string folder) => new(File.GetLastWriteTimeUtc(Path.Combine(folder, HoldName)), TimeSpan.Zero);

    private static long Size(ChangeSet difference) => difference.Sum(change => change.After?.Size ?? 0);

    private string PathOf(string name) => Path.Combine(state.Layers, name);
}

/// <summary>What a collection of layers came to.</summary>
public sealed record LayerCollection(int Removed, long FreedBytes, long KeptBytes);
