using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>
/// Tells when a command has written too much into the folders that it may write. No quota exists for them everywhere, so this
/// looks: at the file system's own count, which costs nothing, and only where that has grown by what is left of the limit, at
/// the folders themselves. What counts is what changed since the command started; change times are the kernel's own.
/// </summary>
internal sealed class DiskWatch(FileSystem files, IReadOnlyList<string> folders, SandboxLimits limits, long startedNs, Func<IEnumerable<int>> processes)
{
    private const long MostReserve = 1L << 30;
    private FileSystemRoom last = FileSystemRoom.Of(folders[0]) ?? default;
    private (long Bytes, long Nodes) own;

    public bool IsOver()
    {
        if (FileSystemRoom.Of(folders[0]) is not { } now) return false;
        var (bytes, nodes) = (now.UsedBytes - last.UsedBytes, now.Nodes - last.Nodes);
        // Close to the limit it looks less often than it could, or it would do nothing else.
        var isSuspect = bytes > Math.Max(limits.WorkspaceBytes - own.Bytes, limits.WorkspaceBytes / 64)
            || nodes > Math.Max(limits.WorkspaceFiles - own.Nodes, limits.WorkspaceFiles / 64)
            || (now.FreeBytes < Math.Min(MostReserve, now.TotalBytes / 50) && bytes > MostReserve / 4);
        if (!isSuspect) return false;
        (own, last) = (Count(), now);
        // On a disk that is nearly full nobody may have much.
        return own.Bytes > limits.WorkspaceBytes || own.Nodes > limits.WorkspaceFiles
            || (now.FreeBytes < Math.Min(MostReserve, now.TotalBytes / 50) && own.Bytes > MostReserve / 4);
    }

    private (long Bytes, long Nodes) Count()
    {
        var seen = new HashSet<(ulong Device, ulong Inode)>();
        var (bytes, nodes) = (0L, 0L);
        foreach (var folder in folders) Walk(folder, Add);
        foreach (var file in processes().SelectMany(OpenAndDeleted)) Add(file);
        return (bytes, nodes);

        void Add(FileUse use)
        {
            if (use.ChangedNs < startedNs || !seen.Add((use.Device, use.Inode))) return;
            bytes += use.Bytes;
            nodes++;
        }
    }

    /// <summary>The command may change anything at any moment, so each folder is opened without following symlinks, and what is gone is passed over.</summary>
    private void Walk(string top, Action<FileUse> add)
    {
        var pending = new Stack<DirectoryHandle>();
        try
        {
            pending.Push(files.OpenRoot(top));
            while (pending.TryPop(out var folder))
            {
                using (folder)
                {
                    foreach (var name in files.List(folder))
                    {
                        if (FileUse.Of(folder, name) is not { } use) continue;
                        add(use);
                        if (use.IsFolder && Enter(folder, name) is { } inner) pending.Push(inner);
                    }
                }
            }
        }
        catch (FileSystemException)
        {
            // Removed or made unreadable while we looked: the next look is soon.
        }
        finally
        {
            foreach (var folder in pending) folder.Dispose();
        }
    }

    private DirectoryHandle? Enter(DirectoryHandle folder, string name)
    {
        try
        {
            return files.OpenFolder(folder, name);
        }
        catch (FileSystemException)
        {
            return null;
        }
    }

    /// <summary>A file without a name still takes room while a process holds it open.</summary>
    private static IEnumerable<FileUse> OpenAndDeleted(int process)
    {
        string[] descriptors;
        try
        {
            descriptors = Directory.GetFileSystemEntries($"/proc/{process}/fd");
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            yield break;
        }
        foreach (var descriptor in descriptors)
        {
            if (FileUse.OfTarget(descriptor) is { Links: 0 } use) yield return use;
        }
    }
}
