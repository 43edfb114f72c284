using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>Every name below a folder that a command may have written.</summary>
internal static class WorkspacePaths
{
    /// <summary>Files, symlinks and what else is no folder; names that no change can carry are left out.</summary>
    public static IEnumerable<RepositoryPath> In(FileSystem files, DirectoryHandle root)
    {
        var folders = new Stack<RepositoryPath?>([null]);
        while (folders.TryPop(out var at))
        {
            using var folder = Open(files, root, at);
            if (folder is null) continue;
            foreach (var name in files.List(folder))
            {
                if (!RepositoryPath.TryParse(at is null ? name : at.Value.Value + "/" + name, out var path, out _) || path.IsMetadata) continue;
                if (files.Stat(folder, name) is not { } info || info.IsWhiteout) continue;
                if (info.Kind == NodeKind.Directory) folders.Push(path);
                else yield return path;
            }
        }
    }

    private static DirectoryHandle? Open(FileSystem files, DirectoryHandle root, RepositoryPath? path)
    {
        try
        {
            return files.OpenDirectory(root, path);
        }
        catch (FileSystemException failure) when (failure.Error == Errno.AccessDenied)
        {
            return null; // The command took the permission from its own folder; reading the change gives it back, and ignores nothing there.
        }
    }
}
