using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>Reads the state of listed paths from the disk, folder by folder, without following a symlink or entering a mount.</summary>
internal sealed class TreeReader(FileSystem files, string root, string stateFolder)
{
    private const int Patience = 10;
    private const string Mount = "capture/mount";
    private readonly Dictionary<RepositoryPath, FileState> found = [];
    private readonly List<LeftOut> leftOut = [];

    public CapturedTree Read(CodebaseListing listing, CancellationToken cancellation)
    {
        using var top = files.OpenRoot(root);
        using var state = files.OpenRoot(stateFolder);
        var cache = StatCache.Load(files, state, top);
        leftOut.AddRange(listing.LeftOut);
        var folders = listing.Paths.ToLookup(path => path.Parent?.Value ?? "", StringComparer.Ordinal);
        var known = folders.SelectMany(folder => folder.First().Ancestors()).ToHashSet();
        foreach (var folder in folders.OrderBy(folder => folder.Key, StringComparer.Ordinal))
        {
            cancellation.ThrowIfCancellationRequested();
            using var directory = Open(top, folder.First().Parent);
            if (directory is null) continue;
            foreach (var path in folder.Order()) ReadOne(directory, path, cache);
            ReportOthers(directory, folder.First().Parent, folder.Select(path => path.Name).ToHashSet(StringComparer.Ordinal), known);
        }
        cache.Save();
        return new(new TreeSnapshot(found), leftOut);
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

    private DirectoryHandle? Open(DirectoryHandle top, RepositoryPath? folder)
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
            if (!leftOut.Exists(other => other is { Rule: Mount, Path: { } above } && folder!.Value.IsUnder(above))) leftOut.Add(new(Mount, $"'{folder}' lies on another file system (a mount point): it is left out and not touched.", folder, false, "Add it to .gitignore to say that it is meant."));
            return null;
        }
    }

    private void ReadOne(DirectoryHandle directory, RepositoryPath path, StatCache cache)
    {
        for (var attempt = 0; attempt < Patience; attempt++)
        {
            var before = files.Stat(directory, path.Name);
            switch (before)
            {
                case null or { Kind: NodeKind.Directory }: return; // deleted, or a folder took its place
                case { Kind: NodeKind.Other }:
                    Report(path);
                    return;
            }
            if (cache.Find(path, before) is { } cached)
            {
                found[path] = cached;
                return;
            }
            cache.BeforeReading();
            if (TryCapture(directory, path.Name) is not { } state) continue;
            if (files.Stat(directory, path.Name) != before) continue; // written while we read it: once more
            cache.Add(path, before, state);
            found[path] = state;
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
    private void ReportOthers(DirectoryHandle directory, RepositoryPath? folder, HashSet<string> listed, HashSet<RepositoryPath> folders)
    {
        foreach (var name in files.List(directory))
        {
            if (listed.Contains(name) || !RepositoryPath.TryParse(folder is null ? name : folder.Value.Value + "/" + name, out var path, out _)
                || path.IsMetadata || folders.Contains(path)) continue;
            if (files.Stat(directory, name) is { Kind: NodeKind.Other }) Report(path);
        }
    }

    private void Report(RepositoryPath path) =>
        leftOut.Add(new("capture/special-file", $"'{path}' is a FIFO, socket or device: it is left out and not touched.", path, true));
}
