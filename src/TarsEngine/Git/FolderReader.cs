using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>One listed file as it stood.</summary>
/// <param name="Kept">What the next capture may rely on; null when the file was touched too lately for that.</param>
/// <param name="IsNew">It had to be read.</param>
internal sealed record ReadFile(RepositoryPath Path, FileState State, StatCache.Entry? Kept, bool IsNew);

/// <summary>Reads the listed files of one folder, without following a symlink or entering a mount.</summary>
/// <param name="listed">All of one folder.</param>
internal sealed class FolderReader(FileSystem files, DirectoryHandle top, StatCache cache, IEnumerable<RepositoryPath> listed)
{
    public const string Mount = "capture/mount";
    private const int Patience = 10;
    private readonly List<ReadFile> found = [];
    private readonly List<LeftOut> leftOut = [];

    public IReadOnlyList<ReadFile> Found => found;

    public IReadOnlyList<LeftOut> LeftOut => leftOut;

    public IEnumerable<RepositoryPath> Listed => listed;

    public void Read()
    {
        var folder = listed.First().Parent;
        using var directory = Open(folder);
        if (directory is null) return;
        foreach (var path in listed) ReadOne(directory, path, path.Name);
        ReportOthers(directory, folder);
    }

    private DirectoryHandle? Open(RepositoryPath? folder)
    {
        try
        {
            return files.OpenDirectory(top, folder);
        }
        catch (FileSystemException failure) when (failure.Error == Errno.Loop)
        {
            return null; // Tracked once, but a symlink stands there now: to git, too, what was below it is deleted.
        }
        catch (FileSystemException failure) when (failure.Error == Errno.CrossDevice)
        {
            leftOut.Add(new(Mount, $"'{folder}' lies on another file system (a mount point): it is left out and not touched.", folder, false, "Add it to .gitignore to say that it is meant."));
            return null;
        }
    }

    private void ReadOne(DirectoryHandle directory, RepositoryPath path, string name)
    {
        for (var attempt = 0; attempt < Patience; attempt++)
        {
            var before = files.Stat(directory, name);
            switch (before)
            {
                case null or { Kind: NodeKind.Directory }: return; // deleted, or a folder took its place
                case { Kind: NodeKind.Other }:
                    Report(path);
                    return;
            }
            if (cache.Find(path, before) is { } cached)
            {
                found.Add(new(path, cached.State, cached, IsNew: false));
                return;
            }
            cache.BeforeReading();
            if (TryCapture(directory, name) is not { } state) continue;
            if (files.Stat(directory, name) != before) continue; // written while we read it: once more
            found.Add(new(path, state, cache.Of(before, state), IsNew: true));
            return;
        }
        throw new GitException($"'{path}' changes all the time: {Patience} times it was another file after reading it than before. Stop what writes it, or add it to .gitignore.");
    }

    /// <summary>Null when it vanished or became something else between the look and the reading.</summary>
    private FileState? TryCapture(DirectoryHandle directory, string name)
    {
        try
        {
            return files.Capture(directory, name);
        }
        catch (FileSystemException failure) when (failure.Error is Errno.NotFound or Errno.Loop or Errno.Invalid)
        {
            return null;
        }
    }

    /// <summary>Git lists no FIFO, socket or device. Those beside listed files are said.</summary>
    private void ReportOthers(DirectoryHandle directory, RepositoryPath? folder)
    {
        foreach (var name in files.ListOthers(directory))
        {
            if (!RepositoryPath.TryParse(folder is null ? name : folder.Value.Value + "/" + name, out var path, out _) || path.IsMetadata || listed.Contains(path)) continue;
            if (files.Stat(directory, name) is { Kind: NodeKind.Other }) Report(path);
        }
    }

    private void Report(RepositoryPath path) =>
        leftOut.Add(new("capture/special-file", $"'{path}' is a FIFO, socket or device: it is left out and not touched.", path, true));
}
