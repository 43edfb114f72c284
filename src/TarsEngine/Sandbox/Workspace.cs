using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Sandbox.Layers;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>
/// A folder of its own in which a context's commands run; inside the sandbox it is <see cref="SandboxLayout.Codebase"/>.
/// Nothing in it is the user's: all of it goes when it is disposed, unless it is to be kept for a look.
/// </summary>
public abstract class Workspace : IDisposable
{
    internal const string ContentName = "codebase";
    private int made;

    private protected Workspace(FileSystem files, string holder, TreeSnapshot tree) => (Files, Holder, Tree) = (files, holder, tree);

    /// <summary>The folder on the host; where layers are mounted it is filled only while a command runs, or once it is kept.</summary>
    public string Folder => Path.Combine(Holder, ContentName);

    public string Name => Path.GetFileName(Holder);

    /// <summary>True: disposing leaves it for a look.</summary>
    public bool Keep { get; set; }

    /// <summary>True where it shows what builds made of its tree, or of one that hardly differs.</summary>
    public virtual bool HasOutputs => false;

    /// <summary>Commands see the codebase's history.</summary>
    internal bool WithRepository { get; init; }

    /// <summary>What shows it there; null before it was needed.</summary>
    internal IReadOnlyList<SandboxBind>? ShownRepository { get; set; }

    /// <summary>The tree that was put in.</summary>
    internal TreeSnapshot Tree { get; }

    /// <summary>Where on the host what commands write ends up.</summary>
    internal virtual string WrittenFolder => Folder;

    /// <summary>Held by a command while it runs, where only one may at a time; null where any number may.</summary>
    internal virtual SemaphoreSlim? Turn => null;

    /// <summary>What a command has to mount before it sees the workspace at <see cref="Folder"/>; null for nothing.</summary>
    internal virtual OverlayMount? Overlay => null;

    private protected FileSystem Files { get; }

    private protected string Holder { get; }

    /// <summary>What was built so far is put aside: what runs next can't change it.</summary>
    internal virtual void FreezeOutputs()
    {
    }

    /// <summary>What the commands made of the tree that was put in: contents, modes, symlinks, deletions.</summary>
    /// <param name="objects">Takes the new contents.</param>
    /// <param name="ignored">True for a path or folder that stays out unless it was put in: what the base's ignore rules name.</param>
    public abstract WorkspaceReading ReadChanges(ObjectStore objects, Func<RepositoryPath, bool>? ignored = null);

    /// <summary>What the commands made of the tree, without what the rules name and was not put in.</summary>
    /// <param name="objects">Takes the new contents.</param>
    public async Task<WorkspaceReading> ReadChangesAsync(ObjectStore objects, IgnoreRules rules, CancellationToken cancellation)
    {
        var ignored = await rules.IgnoredAsync(NewPaths(), cancellation);
        return ReadChanges(objects, ignored.Contains);
    }

    /// <summary>Every file and symlink that commands made where none was put in, for the ignore rules.</summary>
    public abstract IReadOnlyList<RepositoryPath> NewPaths();

    /// <summary>A fresh, empty folder beside the codebase, which goes with the workspace.</summary>
    internal string CreateFolder(string kind)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{kind}-{Interlocked.Increment(ref made)}");
        using var folder = Files.OpenRoot(Holder);
        Files.CreateDirectory(folder, name, 0b111_000_000);
        return Path.Combine(Holder, name);
    }

    /// <summary>A fresh, empty folder for reports, outside the codebase; inside it is <see cref="SandboxLayout.Results"/>.</summary>
    public SandboxBind CreateResultsFolder() => new(CreateFolder("results"), SandboxLayout.Results, Writable: true);

    /// <summary>Removes it, whatever the commands left there. What a full or failing disk leaves behind goes with the next sweep.</summary>
    public void Dispose()
    {
        Release();
        if (Keep) return;
        try
        {
            using var parent = Files.OpenRoot(Path.GetDirectoryName(Holder)!);
            Files.RemoveTree(parent, Name);
        }
        catch (FileSystemException)
        {
            // An error that is on its way must not be hidden by this one.
        }
        GC.SuppressFinalize(this);
    }

    private protected abstract void Release();
}

/// <summary>What commands changed in a workspace.</summary>
/// <param name="Changes">All that a codebase can hold.</param>
/// <param name="Findings">What was left out and why: FIFOs, sockets, names that no change can carry.</param>
public sealed record WorkspaceReading(ChangeSet Changes, IReadOnlyList<Finding> Findings);
