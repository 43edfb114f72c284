using System.Collections.Concurrent;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>Reads the state of listed paths from the disk, folder by folder.</summary>
internal sealed class TreeReader(FileSystem files, DirectoryHandle top, StatCache cache)
{
    // Fewer are read before a second thread has begun.
    private const int WorthSharing = 1_000;

    private readonly ConcurrentDictionary<string, FolderReader> ahead = new(StringComparer.Ordinal);

    /// <summary>Reads what was there last time, while git still looks what is there now.</summary>
    public async Task ReadAheadAsync(CancellationToken cancellation)
    {
        if (cache.Paths.Count < WorthSharing) return;
        await EachAsync(ByFolder(cache.Paths), cache.Paths.Count, (_, folder) =>
        {
            try
            {
                ahead[folder.Key] = Read(folder);
            }
            catch (Exception later) when (later is GitException or FileSystemException)
            {
                // If it belongs to the codebase still, it is met again.
            }
        }, cancellation);
    }

    public async Task<CapturedTree> ReadAsync(CodebaseListing listing, CancellationToken cancellation)
    {
        var folders = ByFolder(listing.Paths);
        var readers = new FolderReader[folders.Count];
        await EachAsync(folders, listing.Paths.Count, (at, folder) =>
            readers[at] = ahead.TryGetValue(folder.Key, out var read) && read.Listed.SequenceEqual(folder) ? read : Read(folder), cancellation);
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

    private FolderReader Read(IGrouping<string, RepositoryPath> folder)
    {
        var reader = new FolderReader(files, top, cache, folder);
        reader.Read();
        return reader;
    }

    private static List<IGrouping<string, RepositoryPath>> ByFolder(IEnumerable<RepositoryPath> paths) =>
        [.. paths.GroupBy(path => path.Parent?.Value ?? "", StringComparer.Ordinal).OrderBy(folder => folder.Key, StringComparer.Ordinal)];

    private static async Task EachAsync(List<IGrouping<string, RepositoryPath>> folders, int paths, Action<int, IGrouping<string, RepositoryPath>> read, CancellationToken cancellation)
    {
        var sharing = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = paths < WorthSharing ? 1 : Environment.ProcessorCount };
        await Parallel.ForAsync(0, folders.Count, sharing, (at, _) =>
        {
            read(at, folders[at]);
            return ValueTask.CompletedTask;
        });
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
