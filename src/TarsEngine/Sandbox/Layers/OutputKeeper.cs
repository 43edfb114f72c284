using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>
/// Makes a layer of what builds wrote, for the next workspace on the same tree: only what the ignore rules name and the folders that
/// .NET builds into; all else that a build left is dropped, so that the layers show the tree exactly.
/// </summary>
internal sealed class OutputKeeper(LayerStore layers, FileSystem files)
{
    private static readonly string[] outputFolders = ["bin", "obj"];

    /// <param name="ignored">Of the paths, those that the codebase's ignore rules name.</param>
    public async Task KeepAsync(LayeredWorkspace workspace, ContentHash checks, Func<IReadOnlyList<RepositoryPath>, Task<IReadOnlySet<RepositoryPath>>> ignored)
    {
        var built = workspace.Written[0];
        IReadOnlyList<RepositoryPath> paths;
        using (var root = files.OpenRoot(built)) paths = [.. WorkspacePaths.In(files, root)];
        var outputs = await ignored([.. paths.Where(path => !IsOutput(path))]);
        var folders = workspace.Tree.Entries.Keys.SelectMany(path => path.Ancestors()).ToHashSet();
        var pruning = new OutputPruning(files, workspace.Kind, built, path => workspace.Tree[path] is null && (IsOutput(path) || outputs.Contains(path)), folders.Contains);
        if (!pruning.Run()) return;

        var newest = Math.Max(workspace.NewestNs, pruning.NewestNs);
        if (workspace.Below.Lower.Count < LayerStore.MostLayers) KeepAbove(workspace, checks, newest, pruning.Bytes);
        else KeepWhole(workspace, checks, newest, pruning.Bytes);
    }

    private void KeepAbove(LayeredWorkspace workspace, ContentHash checks, long newest, long bytes)
    {
        using var tree = workspace.DifferenceFolder is { } difference
            ? layers.Adopt(LayerKind.Tree, workspace.Tree, workspace.Below.Top.Checks, workspace.Below, difference, workspace.NewestNs, workspace.Difference.Sum(change => change.After?.Size ?? 0), isOfChange: false)
            : null;
        layers.Adopt(LayerKind.Outputs, workspace.Tree, checks, tree ?? workspace.Below, workspace.Written[0], newest, bytes, !workspace.Difference.IsEmpty).Dispose();
    }

    private void KeepWhole(LayeredWorkspace workspace, ContentHash checks, long newest, long bytes) =>
        layers.Adopt(LayerKind.Tree, workspace.Tree, checks, null, workspace.CopyBuilt("whole"), newest, bytes + workspace.Tree.Entries.Values.Sum(state => state.Size), !workspace.Difference.IsEmpty).Dispose();

    private static bool IsOutput(RepositoryPath path) => path.Ancestors().Any(folder => outputFolders.Contains(folder.Name, StringComparer.Ordinal));
}
