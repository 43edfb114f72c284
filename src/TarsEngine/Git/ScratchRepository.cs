using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// A git directory with nothing in it but ignore rules, and an empty working tree beside it, where git can work on a few files
/// without any repository's configuration or attributes. Files are exactly what is put in: every conversion is off.
/// </summary>
internal sealed class ScratchRepository : IDisposable
{
    private const int Private = 0b111_000_000;
    private const string Prefix = "scratch-", LockName = "in-use";
    private readonly FileSystem files;
    private readonly DirectoryHandle parent;
    private readonly string name;
    private readonly FileHandle inUse;

    private ScratchRepository(FileSystem files, DirectoryHandle parent, string name, FileHandle inUse, DirectoryHandle tree, string folder)
    {
        (this.files, this.parent, this.name, this.inUse, Tree) = (files, parent, name, inUse, tree);
        Place = new(folder + "/tree", folder + "/git", folder + "/tree");
    }

    /// <summary>Where git works on it.</summary>
    public GitPlace Place { get; }

    /// <summary>Its working tree.</summary>
    public DirectoryHandle Tree { get; }

    /// <param name="scratchFolder">A private folder that exists.</param>
    public static ScratchRepository Create(FileSystem files, string scratchFolder, string excludes)
    {
        var above = files.OpenRoot(scratchFolder);
        var (unique, inUse) = Reserve(files, above);
        try
        {
            Furnish(files, above, unique, excludes);
            return new(files, above, unique, inUse, files.OpenDirectory(above, RepositoryPath.Parse(unique + "/tree"))!, scratchFolder.TrimEnd('/') + "/" + unique);
        }
        catch
        {
            Remove(files, above, unique, inUse);
            throw;
        }
    }

    /// <summary>Puts a file into the working tree.</summary>
    public void Write(RepositoryPath path, ReadOnlySpan<byte> content, bool isExecutable)
    {
        using var folder = OpenOrCreate(path.Parent);
        using var file = files.CreateFile(folder, path.Name, isExecutable ? 0b111_101_101 : 0b110_100_100);
        files.Write(file, content);
    }

    /// <summary>Puts a symlink into the working tree.</summary>
    public void WriteSymlink(RepositoryPath path, ReadOnlySpan<byte> target)
    {
        using var folder = OpenOrCreate(path.Parent);
        files.CreateSymlink(folder, path.Name, target);
    }

    /// <summary>Everything that is in the working tree now.</summary>
    public IReadOnlyDictionary<RepositoryPath, ScratchFile> ReadAll()
    {
        var found = new Dictionary<RepositoryPath, ScratchFile>();
        var folders = new Stack<RepositoryPath?>([null]);
        while (folders.TryPop(out var path))
        {
            using var folder = files.OpenDirectory(Tree, path) ?? throw new GitException($"'{path}' vanished from '{Place.Folder}'.");
            foreach (var entry in files.List(folder))
            {
                var at = path is null ? RepositoryPath.Parse(entry) : path.Value.Child(entry);
                var info = files.Stat(folder, entry);
                if (info is { Kind: NodeKind.Directory }) folders.Push(at);
                else if (info is { Kind: NodeKind.Symlink }) found[at] = new(true, false, files.ReadLink(folder, entry));
                else found[at] = new(false, (info!.Mode & 0b001_000_000) != 0, ReadFile(folder, entry));
            }
        }
        return found;
    }

    /// <summary>Removes those that no process uses any more.</summary>
    public static void Sweep(FileSystem files, string scratchFolder)
    {
        using var above = files.OpenRoot(scratchFolder);
        foreach (var left in files.List(above).Where(entry => entry.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            using var folder = files.OpenDirectory(above, RepositoryPath.Parse(left));
            if (folder is null) continue;
            using var use = files.OpenOrCreateFile(folder, LockName, 0b110_000_000);
            if (files.TryLock(use)) files.RemoveTree(above, left);
        }
    }

    public void Dispose()
    {
        Tree.Dispose();
        Remove(files, parent, name, inUse);
    }

    private static void Remove(FileSystem files, DirectoryHandle parent, string name, FileHandle inUse)
    {
        try
        {
            files.RemoveTree(parent, name);
        }
        finally
        {
            inUse.Dispose(); // what could not be removed is for the next sweep
            parent.Dispose();
        }
    }

    private static void Furnish(FileSystem files, DirectoryHandle above, string name, string excludes)
    {
        foreach (var folder in (string[])["git", "git/objects", "git/refs", "git/info", "tree"])
        {
            var path = RepositoryPath.Parse(name + "/" + folder);
            using var holder = files.OpenDirectory(above, path.Parent)!;
            files.CreateDirectory(holder, path.Name, Private);
        }
        WriteFile(files, above, name + "/git/HEAD", "ref: refs/heads/none\n");
        WriteFile(files, above, name + "/git/info/exclude", excludes);
        // The strongest attributes there are: a .gitattributes among the files must not convert what we apply.
        WriteFile(files, above, name + "/git/info/attributes", "* -text !eol !working-tree-encoding -ident -filter -merge\n");
    }

    /// <summary>A folder that no sweep takes for a dead one: its lock is ours. A sweep that came between wins, and we begin anew.</summary>
    private static (string Name, FileHandle InUse) Reserve(FileSystem files, DirectoryHandle above)
    {
        while (true)
        {
            var unique = Prefix + Guid.NewGuid().ToString("N");
            files.CreateDirectory(above, unique, Private);
            using var folder = files.OpenDirectory(above, RepositoryPath.Parse(unique));
            if (folder is null) continue;
            FileHandle? use = null;
            try
            {
                use = files.OpenOrCreateFile(folder, LockName, 0b110_000_000);
                if (files.TryLock(use) && files.Stat(folder, LockName) is { } named && named.IsSameNode(files.Stat(use)) && files.Stat(above, unique) is not null) return (unique, use);
            }
            catch (FileSystemException failure) when (failure.Error == Errno.NotFound)
            {
                // Swept in this very moment.
            }
            use?.Dispose();
        }
    }

    private DirectoryHandle OpenOrCreate(RepositoryPath? path)
    {
        if (path is null) return files.OpenDirectory(Tree, null)!;
        if (files.OpenDirectory(Tree, path) is { } there) return there;
        using var above = OpenOrCreate(path.Value.Parent);
        files.CreateDirectory(above, path.Value.Name, Private);
        return files.OpenDirectory(Tree, path)!;
    }

    private byte[] ReadFile(DirectoryHandle folder, string entry)
    {
        using var stream = files.OpenRead(folder, entry);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    private static void WriteFile(FileSystem files, DirectoryHandle top, string path, string text)
    {
        var at = RepositoryPath.Parse(path);
        using var folder = files.OpenDirectory(top, at.Parent)!;
        using var file = files.CreateFile(folder, at.Name, 0b110_000_000);
        files.Write(file, Encoding.Latin1.GetBytes(text));
    }
}

/// <summary>A file or symlink in a <see cref="ScratchRepository"/>.</summary>
internal sealed record ScratchFile(bool IsSymlink, bool IsExecutable, byte[] Content);
