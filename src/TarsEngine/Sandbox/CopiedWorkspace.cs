using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>A workspace that holds a copy of the whole tree: where layers can't be mounted.</summary>
internal sealed class CopiedWorkspace : Workspace
{
    private readonly DirectoryHandle root;
    private readonly WorkspaceTree tree;

    public CopiedWorkspace(FileSystem files, string holder, TreeSnapshot snapshot, TreeContent content) : base(files, holder, snapshot)
    {
        root = files.OpenRoot(Folder);
        tree = new WorkspaceTree(files, root);
        foreach (var (path, state) in snapshot.Entries)
        {
            using var bytes = content.Open(path, state);
            tree.Put(path, state, bytes);
        }
        tree.Leave();
    }

    public override WorkspaceReading ReadChanges(ObjectStore objects, Func<RepositoryPath, bool>? ignored = null) =>
        new WorkspaceReader(Files, root, tree.Written, Tree, objects, ignored ?? (_ => false)).Read();

    public override IReadOnlyList<RepositoryPath> NewPaths() => [.. WorkspacePaths.In(Files, root).Where(path => Tree[path] is null)];

    private protected override void Release()
    {
        tree.Dispose();
        root.Dispose();
    }
}
