using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Terminal.Scripts;

/// <summary>A script on the host, one file or a folder of them, as it was when it was opened.</summary>
public sealed class ScriptSource : IDisposable
{
    private const int MostFiles = 20_000;
    private const long MostBytes = 512L << 20;
    private const int MostText = 4 << 20;

    // Secrets, other tools' state, and what is built anew in the sandbox.
    private static readonly HashSet<string> leftOut = new(StringComparer.OrdinalIgnoreCase) { ".git", ".tars", ".hg", ".svn", ".venv", "__pycache__", "bin", "obj" };

    private readonly DirectoryHandle root;
    private readonly FileSystem files;
    private readonly Dictionary<RepositoryPath, FileState> found = [];
    private long bytes;
    private string? problem;

    private ScriptSource(FileSystem files, ObjectStore objects, DirectoryHandle root)
    {
        (this.files, this.root) = (files, root);
        Content = new(files, root, objects);
    }

    internal TreeContent Content { get; }

    internal TreeSnapshot Tree { get; private set; } = TreeSnapshot.Empty;

    /// <summary>Null with the reason where the path is no script's.</summary>
    /// <param name="path">Absolute; a file, or a folder of which everything but secrets, version control and build outputs is taken.</param>
    /// <exception cref="FileSystemException">It can't be read.</exception>
    public static ScriptSource? Open(string path, FileSystem files, ObjectStore objects, out ScriptRefused? refused)
    {
        var isFolder = Directory.Exists(path);
        if (!isFolder && !File.Exists(path))
        {
            refused = new($"There is no file or folder '{path}'.", "Give the path of a script, or of a folder that holds one.");
            return null;
        }
        var source = new ScriptSource(files, objects, files.OpenRoot(isFolder ? path : Path.GetDirectoryName(Path.GetFullPath(path))!));
        if (isFolder) source.Take(source.root, "");
        else source.TakeOne(source.root, Path.GetFileName(path), Path.GetFileName(path));
        refused = source.problem is { } why ? new(why, "Give a smaller folder, or the script's file alone.")
            : source.found.Count == 0 ? new($"'{path}' holds no file that a script could be.", "Give the path of a script, or of a folder that holds one.") : null;
        if (refused is null)
        {
            source.Tree = new(source.found);
            return source;
        }
        source.Dispose();
        return null;
    }

    public void Dispose() => root.Dispose();

    /// <summary>A file's text; '' for one that is far too long to be a script's.</summary>
    internal string Text(RepositoryPath path) =>
        Tree[path] is { Kind: EntryKind.File, Size: < MostText } state ? System.Text.Encoding.UTF8.GetString(Content.Read(path, state)).TrimStart('\uFEFF') : "";

    private void Take(DirectoryHandle folder, string prefix)
    {
        foreach (var name in files.List(folder))
        {
            if (problem is not null) return;
            if (leftOut.Contains(name) || name.StartsWith(".env", StringComparison.OrdinalIgnoreCase)) continue;
            if (files.Stat(folder, name) is not { Kind: NodeKind.Directory })
            {
                TakeOne(folder, name, prefix + name);
                continue;
            }
            using var inner = files.OpenFolder(folder, name);
            Take(inner, prefix + name + "/");
        }
    }

    private void TakeOne(DirectoryHandle folder, string name, string path)
    {
        if (!RepositoryPath.TryParse(path, out var parsed, out _) || files.Stat(folder, name) is not { Kind: NodeKind.File or NodeKind.Symlink } info) return;
        bytes += info.Size;
        if (found.Count >= MostFiles || bytes > MostBytes) problem = $"The folder holds more than {MostFiles} files or {MostBytes >> 20} MiB: it is no script's.";
        else if (files.Capture(folder, name) is { } state) found[parsed] = state;
    }
}
