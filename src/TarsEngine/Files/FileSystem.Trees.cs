using System.Globalization;

namespace TarsEngine.Files;

// Whole trees of our own: workspaces and what commands left in them. Never for the user's files.
public sealed partial class FileSystem
{
    private const int PathOnly = 0x200000; // O_PATH
    private const int OwnerAll = 0b111_000_000;

    /// <summary>Opens a folder by its entry's name, whatever that name holds; never through a symlink.</summary>
    public DirectoryHandle OpenFolder(DirectoryHandle parent, string name)
    {
        var target = parent.PathOf(name);
        var call = Before("open-folder", target, mutates: false);
        return Finish(new DirectoryHandle(OpenAt(parent, name, Native.ReadOnly | Native.Directory, 0, target), target), call);
    }

    /// <summary>Sets the permission bits of a file or folder that may not be readable; never of what a symlink points at.</summary>
    public unsafe void SetMode(DirectoryHandle parent, string name, int mode)
    {
        var target = parent.PathOf(name);
        var call = Before("chmod", target, mutates: true);
        // Opening it in this way needs no permission on it; the link in /proc leads to that very inode.
        using var entry = new FileHandle(OpenAt(parent, name, PathOnly, 0, target), target);
        fixed (byte* path = Terminated(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{entry.Descriptor}")))
            Check(Native.ChangeModeByPath(path, (uint)mode), "chmod", target, call);
    }

    /// <summary>
    /// Removes an entry and all below it, whatever its permissions and however deep; follows no symlink; harmless when it is absent.
    /// Every folder below is first moved to its top, so that depth costs neither stack, descriptors nor long paths. What a kill leaves
    /// still has the entry's own name.
    /// </summary>
    public void RemoveTree(DirectoryHandle parent, string name)
    {
        switch (Stat(parent, name)?.Kind)
        {
            case null: return;
            case NodeKind.Directory: break;
            default:
                Unlink(parent, name);
                return;
        }
        SetMode(parent, name, OwnerAll);
        using (var top = OpenFolder(parent, name))
        {
            var folders = RemoveFiles(top);
            if (folders.Count > 0) RemoveFolders(top, folders);
        }
        RemoveDirectory(parent, name);
    }

    private void RemoveFolders(DirectoryHandle top, IReadOnlyList<string> folders)
    {
        var holderName = ".gone-" + Guid.NewGuid().ToString("n");
        CreateDirectory(top, holderName, OwnerAll);
        using (var holder = OpenFolder(top, holderName))
        {
            var known = 0L;
            Collect(top, folders);
            for (var next = 0L; next < known; next++)
            {
                using (var folder = OpenFolder(holder, Number(next))) Collect(folder, RemoveFiles(folder));
                RemoveDirectory(holder, Number(next));
            }

            void Collect(DirectoryHandle from, IReadOnlyList<string> entries)
            {
                foreach (var entry in entries)
                {
                    // Moving a folder, and emptying it, needs its own write permission.
                    SetMode(from, entry, OwnerAll);
                    RenameNoReplace(from, entry, holder, Number(known));
                    known++;
                }
            }
        }
        RemoveDirectory(top, holderName);

        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <returns>The folders that stay.</returns>
    private List<string> RemoveFiles(DirectoryHandle folder)
    {
        var folders = new List<string>();
        foreach (var entry in List(folder))
        {
            if (Stat(folder, entry)?.Kind == NodeKind.Directory) folders.Add(entry);
            else Unlink(folder, entry);
        }
        return folders;
    }
}
