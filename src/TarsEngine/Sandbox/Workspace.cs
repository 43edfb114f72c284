using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>
/// A folder of its own in which a context's commands run; inside the sandbox it is <see cref="SandboxLayout.Codebase"/>.
/// Nothing in it is the user's: all of it goes when it is disposed, unless it is to be kept for a look.
/// </summary>
public sealed class Workspace : IDisposable
{
    internal const string ContentName = "codebase";

    private readonly FileSystem files;
    private readonly string holder;
    private readonly DirectoryHandle root;
    private readonly WorkspaceTree tree;
    private int results;

    internal Workspace(FileSystem files, string holder)
    {
        (this.files, this.holder) = (files, holder);
        Folder = Path.Combine(holder, ContentName);
        root = files.OpenRoot(Folder);
        tree = new WorkspaceTree(files, root);
    }

    /// <summary>The folder on the host.</summary>
    public string Folder { get; }

    public string Name => Path.GetFileName(holder);

    /// <summary>True: disposing leaves it for a look.</summary>
    public bool Keep { get; set; }

    /// <summary>Writes a change into it; incremental builds see every written file as newer than their outputs.</summary>
    public void Apply(ChangeSet changes, TreeContent content)
    {
        // What goes makes room first: a file may become a folder, or a folder a file.
        foreach (var change in changes.Where(change => change.After is null)) tree.Remove(change.Path);
        Fill(changes.Where(change => change.After is not null).Select(change => KeyValuePair.Create(change.Path, change.After!)), content);
    }

    /// <summary>What the commands made of the tree that was put in: contents, modes, symlinks, deletions.</summary>
    /// <param name="staged">The tree as it was put in.</param>
    /// <param name="objects">Takes the new contents.</param>
    /// <param name="ignored">True for a path or folder that stays out unless it was put in: what the base's ignore rules name.</param>
    public WorkspaceReading ReadChanges(TreeSnapshot staged, ObjectStore objects, Func<RepositoryPath, bool>? ignored = null) =>
        new WorkspaceReader(files, root, tree.Written, staged, objects, ignored ?? (_ => false)).Read();

    /// <summary>A fresh, empty folder for reports, outside the codebase; inside it is <see cref="SandboxLayout.Results"/>.</summary>
    public SandboxBind CreateResultsFolder()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"results-{++results}");
        using var folder = files.OpenRoot(holder);
        files.CreateDirectory(folder, name, 0b111_000_000);
        return new(Path.Combine(holder, name), SandboxLayout.Results, Writable: true);
    }

    /// <summary>Removes it, whatever the commands left there. What a full or failing disk leaves behind goes with the next sweep.</summary>
    public void Dispose()
    {
        tree.Dispose();
        root.Dispose();
        if (Keep) return;
        try
        {
            using var parent = files.OpenRoot(Path.GetDirectoryName(holder)!);
            files.RemoveTree(parent, Name);
        }
        catch (FileSystemException)
        {
            // An error that is on its way must not be hidden by this one.
        }
    }

    internal void Fill(IEnumerable<KeyValuePair<RepositoryPath, FileState>> entries, TreeContent content)
    {
        foreach (var (path, state) in entries)
        {
            using var bytes = content.Open(path, state);
            tree.Put(path, state, bytes);
        }
        tree.Leave();
    }
}

/// <summary>What commands changed in a workspace.</summary>
/// <param name="Changes">All that a codebase can hold.</param>
/// <param name="Findings">What was left out and why: FIFOs, sockets, names that no change can carry.</param>
public sealed record WorkspaceReading(ChangeSet Changes, IReadOnlyList<Finding> Findings);
