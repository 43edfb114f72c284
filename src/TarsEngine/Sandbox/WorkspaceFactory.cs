using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Sandbox.Layers;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>What a workspace stands on: layers are kept for its tree, and its outputs may show.</summary>
/// <param name="Tree">The codebase as it was captured.</param>
/// <param name="Checks">Which checks' outputs may show in the workspace; null for none.</param>
/// <param name="WithRepository">Commands see the codebase's history, too: never where policy hides a file from them, since history may hold it.</param>
public sealed record WorkspaceBasis(TreeSnapshot Tree, ContentHash? Checks = null, bool WithRepository = false);

/// <summary>Makes workspaces under the state folder: only what the snapshot names goes in, each content checked by its hash.</summary>
public sealed class WorkspaceFactory
{
    private const int OwnerOnly = 0b111_000_000, FolderMode = 0b111_101_101;
    private readonly StateFolder state;
    private readonly FileSystem files;
    private readonly LayerStore layers;
    private readonly Lazy<OverlaySupport> support;

    /// <param name="kind">How layers are to be mounted; null: as a trial shows.</param>
    public WorkspaceFactory(StateFolder state, FileSystem files, TimeProvider clock, OverlayKind? kind = null)
    {
        (this.state, this.files) = (state, files);
        layers = new(state, files, clock);
        support = new(() => kind is { } given ? new(given, "chosen") : OverlayProbe.Run(state.Root, Path.GetFileName(state.Layers), files));
    }

    /// <summary>Whether layers can be mounted here, found out by trying.</summary>
    public OverlaySupport Support => support.Value;

    /// <summary>A workspace that holds the tree. One of the same name that a killed run left is removed first.</summary>
    /// <param name="name">Letters, digits, dots, dashes and underscores: 'CTX-7-check'. Only one run at a time may use a name.</param>
    /// <param name="basis">What it differs from by little; null for the tree itself.</param>
    /// <exception cref="ContentMovedException">The codebase changed since the snapshot.</exception>
    public Workspace Create(TreeSnapshot tree, TreeContent content, string name, WorkspaceBasis? basis = null)
    {
        Check(name);
        var holder = Path.Combine(state.Workspaces, name);
        using (var parent = files.OpenRoot(state.Workspaces))
        {
            files.RemoveTree(parent, name);
            files.CreateDirectory(parent, name, OwnerOnly);
            using var folder = files.OpenFolder(parent, name);
            files.CreateDirectory(folder, Workspace.ContentName, FolderMode);
        }
        LayerStack? below = null;
        try
        {
            basis ??= new(tree);
            if (Support.Kind == OverlayKind.None) return new CopiedWorkspace(files, holder, tree, content) { WithRepository = basis.WithRepository };
            var difference = basis.Tree.Hash == tree.Hash ? ChangeSet.Empty : ChangeSet.Between(basis.Tree, tree);
            below = layers.Stand(basis.Tree, content, BuildInputs.Stay(difference) ? basis.Checks : null);
            return new LayeredWorkspace(files, Support.Kind, state.Root, holder, below, difference, tree, content) { WithRepository = basis.WithRepository };
        }
        catch
        {
            below?.Dispose();
            Remove([name]);
            throw;
        }
    }

    /// <summary>The tree nearest to another of which it is kept what builds made with the checks; null when there is none.</summary>
    internal TreeSnapshot? FindBuilt(TreeSnapshot tree, ContentHash checks) => Support.Kind == OverlayKind.None ? null : layers.FindBuilt(tree, checks);

    /// <summary>Keeps what builds made in a workspace, for the next one that stands on its tree. Only what was frozen counts.</summary>
    /// <param name="checks">Which checks made it.</param>
    /// <param name="ignored">Of the paths, those that the codebase's ignore rules name.</param>
    public async Task KeepOutputsAsync(Workspace workspace, ContentHash checks, Func<IReadOnlyList<RepositoryPath>, Task<IReadOnlySet<RepositoryPath>>> ignored)
    {
        if (workspace is LayeredWorkspace { Written.Count: > 1 } layered) await new OutputKeeper(layers, files).KeepAsync(layered, checks, ignored);
    }

    /// <summary>Removes layers that nobody uses: see <see cref="LayerStore.Collect"/>.</summary>
    public LayerCollection CollectLayers(long mostBytes, TimeSpan mostAge) => layers.Collect(mostBytes, mostAge);

    /// <summary>The names of the workspaces on disk, kept ones and those of killed runs.</summary>
    public IReadOnlyList<string> List()
    {
        using var parent = files.OpenRoot(state.Workspaces);
        return files.List(parent);
    }

    /// <summary>Removes workspaces, for instance those of killed runs. The caller holds the lock of the run they belong to.</summary>
    public void Remove(IEnumerable<string> names)
    {
        using var parent = files.OpenRoot(state.Workspaces);
        foreach (var name in names) files.RemoveTree(parent, name);
    }

    private static void Check(string name)
    {
        if (name.Length is 0 or > 100 || name[0] == '.' || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_'))
            throw new ArgumentException($"'{name}' can't name a workspace.", nameof(name));
    }
}
