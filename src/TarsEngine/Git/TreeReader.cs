using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>Reads the state of listed paths from the disk, folder by folder.</summary>
internal sealed class TreeReader(FileSystem files, DirectoryHandle top, StatCache cache)
{
    // Fewer are read before a second thread has begun.
    private const int WorthSharing = 1_000;

    public async Task<CapturedTree> ReadAsync(CodebaseListing listing, CancellationToken cancellation)
    {
        var folders = listing.Paths.GroupBy(path => path.Parent?.Value ?? "", StringComparer.Ordinal).OrderBy(folder => folder.Key, StringComparer.Ordinal).ToList();
        var readers = new FolderReader[folders.Count];
        var sharing = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = listing.Paths.Count < WorthSharing ? 1 : Environment.ProcessorCount };
        await Parallel.ForAsync(0, folders.Count, sharing, (at, _) =>
        {
            readers[at] = new(files, top, cache);
            readers[at].Read(folders[at]);
            return ValueTask.CompletedTask;
        });
        var found = readers.SelectMany(reader => reader.Found).ToList();
        if (found.Any(file => file is { IsNew: true, Kept: not null }))
            cache.Save([.. found.Where(file => file.Kept is not null).Select(file => KeyValuePair.Create(file.Path, file.Kept!))]);
        return new(new TreeSnapshot(found.Select(file => KeyValuePair.Create(file.Path, file.State))), [.. listing.LeftOut, .. Outermost(readers.SelectMany(reader => reader.LeftOut))]);
    }

    /// <summary>Null for what can't be opened without leaving the codebase or without permission.</summary>
    internal static DirectoryHandle? OpenInside(FileSystem files, DirectoryHandle top, RepositoryPath? folder)
    {
        try
        {
            return files.OpenDirectory(top, folder);
        }
        catch (FileSystemException failure) when (failure.Error is Errno.Loop or Errno.CrossDevice or Errno.AccessDenied)
        {
            return null;
        }
    }

    // Folders of one mount come one after another: the first stands for all.
    private static IEnumerable<LeftOut> Outermost(IEnumerable<LeftOut> all)
    {
        var mounts = new List<RepositoryPath>();
        foreach (var one in all)
        {
            if (one is { Rule: FolderReader.Mount, Path: { } path })
            {
                if (mounts.Exists(path.IsUnder)) continue;
                mounts.Add(path);
            }
            yield return one;
        }
    }
}
