using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Processes;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox.Layers;

/// <summary>
/// A workspace made of layers: those of the store, one with what its own tree changes in theirs, and on top what its commands write.
/// </summary>
internal sealed class LayeredWorkspace : Workspace
{
    private const int OwnerOnly = 0b111_000_000, FolderMode = 0b111_101_101;
    private static readonly TimeSpan copyTime = TimeSpan.FromMinutes(10);

    private readonly string stateFolder;
    private readonly List<string> written = [];

    /// <param name="below">From then on the workspace's own.</param>
    public LayeredWorkspace(FileSystem files, OverlayKind kind, string stateFolder, string holder, LayerStack below, ChangeSet difference, TreeSnapshot tree, TreeContent content)
        : base(files, holder, tree)
    {
        (Kind, this.stateFolder, Below, Difference) = (kind, stateFolder, below, difference);
        NewestNs = below.Top.NewestNs;
        if (!difference.IsEmpty)
        {
            DifferenceFolder = Make("change");
            NewestNs = new TreeLayerWriter(files, content).Write(DifferenceFolder, difference, tree, NewestNs);
        }
        Begin();
    }

    public OverlayKind Kind { get; }

    public LayerStack Below { get; }

    /// <summary>What its tree changes in the one that the layers below show.</summary>
    public ChangeSet Difference { get; }

    /// <summary>Where that lies; null when it is nothing.</summary>
    public string? DifferenceFolder { get; }

    /// <summary>No file that was put in was modified after this, in nanoseconds since 1970.</summary>
    public long NewestNs { get; }

    public override bool HasOutputs => Below.Top.Checks is not null;

    /// <summary>What commands wrote, absolute: the last is where they write now, those before are frozen.</summary>
    public IReadOnlyList<string> Written => written;

    // One layer can't be written through two mounts.
    internal override SemaphoreSlim Turn { get; } = new(1, 1);

    internal override string WrittenFolder => written[^1];

    internal override OverlayMount Overlay => Mount(written);

    internal override void FreezeOutputs()
    {
        if (written.Count == 1) Begin();
    }

    private void Begin()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"written-{written.Count + 1}");
        Make(name + "-work");
        written.Add(Make(name));
    }

    public override WorkspaceReading ReadChanges(ObjectStore objects, Func<RepositoryPath, bool>? ignored = null)
    {
        using var root = Files.OpenRoot(written.Single());
        return new ChangeLayerReader(Files, root, Kind, Tree, objects, ignored ?? (_ => false)).Read();
    }

    public override IReadOnlyList<RepositoryPath> NewPaths()
    {
        using var root = Files.OpenRoot(written.Single());
        return new ChangeLayerReader(Files, root, Kind, Tree, null, _ => false).NewPaths();
    }

    private protected override void Release()
    {
        try
        {
            if (Keep) CopyOut();
        }
        finally
        {
            Below.Dispose();
            Turn.Dispose();
        }
    }

    /// <summary>A copy of the tree with what was built of it, nothing of what ran later; where that now lies.</summary>
    public string CopyBuilt(string name)
    {
        Make(name + "-top-work");
        return Copy(Mount([written[0], Make(name + "-top")]), Path.Combine(Holder, name));
    }

    private OverlayMount Mount(IReadOnlyList<string> above)
    {
        var lower = above.SkipLast(1).Reverse().Append(DifferenceFolder).OfType<string>().Select(Relative).Concat(Below.Lower);
        return new(Kind, stateFolder, [.. lower], Relative(above[^1]), Relative(above[^1] + "-work"), Relative(Folder));
    }

    /// <summary>Leaves what commands saw at <see cref="Workspace.Folder"/>.</summary>
    private void CopyOut()
    {
        var copy = Copy(Overlay, Folder + "-copy");
        Directory.Delete(Folder);
        Directory.Move(copy, Folder);
    }

    /// <summary>Copies what shows in a mount, without running any of it.</summary>
    private string Copy(OverlayMount mount, string target)
    {
        var command = new ChildCommand("/bin/cp", ["-a", "--", Folder, target]) { Timeout = copyTime };
        var result = ChildProcess.RunAsync(mount.ShownTo(command)).GetAwaiter().GetResult();
        return result.Succeeded ? target : throw new IOException($"A workspace could not be copied to '{target}': {ByteText.Display(result.ErrorText.Trim())}");
    }

    private string Make(string name)
    {
        using var holder = Files.OpenRoot(Holder);
        Files.CreateDirectory(holder, name, OwnerOnly);
        // The topmost folder's mode is what shows inside.
        Files.SetMode(holder, name, FolderMode);
        return Path.Combine(Holder, name);
    }

    private string Relative(string path) => Path.GetRelativePath(stateFolder, path);
}
