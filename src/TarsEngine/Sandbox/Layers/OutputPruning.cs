using TarsEngine.Files;

namespace TarsEngine.Sandbox.Layers;

/// <summary>Removes from a layer everything that is no output.</summary>
/// <param name="isOfTree">Whether the tree below has this folder.</param>
internal sealed class OutputPruning(FileSystem files, OverlayKind kind, string folder, Func<RepositoryPath, bool> isOutput, Func<RepositoryPath, bool> isOfTree)
{
    // Every level holds a descriptor open.
    private const int DeepestFolder = 100;

    private readonly OverlayMarks marks = new(files, kind);

    /// <summary>Of what is left, in nanoseconds since 1970.</summary>
    public long NewestNs { get; private set; }

    /// <summary>Of what is left.</summary>
    public long Bytes { get; private set; }

    /// <summary>False when what is left can't serve: a folder of the codebase itself was moved or made anew.</summary>
    public bool Run()
    {
        using var root = files.OpenRoot(folder);
        return Prune(root, null) is not null;
    }

    /// <summary>Whether anything is left; null when it can't serve.</summary>
    private bool? Prune(DirectoryHandle at, RepositoryPath? parent)
    {
        var left = false;
        foreach (var name in files.List(at))
        {
            if (files.Stat(at, name) is not { } info) continue;
            var known = RepositoryPath.TryParse(parent is { } above ? above.Value + "/" + name : name, out var path, out _) && !path.IsMetadata && path.Ancestors().Count() < DeepestFolder;
            if (!known) files.RemoveTree(at, name);
            else if (info.Kind != NodeKind.Directory)
            {
                if (Keeps(path, info)) left = true;
                else files.Unlink(at, name);
            }
            else
            {
                using var inner = files.OpenFolder(at, name);
                // A new folder may carry the mark as well, where it hides nothing.
                if (isOutput(path.Child("x")) is var output && !output && isOfTree(path) && marks.Of(inner) is not { IsOpaque: false, MovedFrom: null }) return null;
                if (Prune(inner, path) is not { } kept) return null;
                if (kept || output) left = true;
                else files.RemoveDirectory(at, name);
            }
        }
        return left;
    }

    private bool Keeps(RepositoryPath path, EntryInfo info)
    {
        if (!isOutput(path)) return false;
        NewestNs = Math.Max(NewestNs, info.MtimeNs);
        Bytes += info.Size;
        return true;
    }
}
