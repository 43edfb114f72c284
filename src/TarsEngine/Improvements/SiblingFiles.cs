using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>Files that an improvement file names: below its own folder, no symlink followed.</summary>
/// <param name="folder">The improvement file's folder.</param>
public sealed class SiblingFiles(FileSystem files, string folder)
{
    /// <summary>All bytes; null when it can't be read, and <paramref name="problem"/> says why.</summary>
    internal byte[]? Read(string name, long maxBytes, out string problem)
    {
        if (!RepositoryPath.TryParse(name, out var path, out problem))
        {
            problem += " It is read from the improvement file's own folder, or below.";
            return null;
        }
        try
        {
            using var root = files.OpenRoot(folder);
            using var parent = files.OpenDirectory(root, path.Parent);
            if (parent is null)
            {
                problem = $"The folder of '{path}' doesn't exist beside the improvement file.";
                return null;
            }
            using var stream = files.OpenRead(parent, path.Name);
            var bytes = BoundedBytes.Read(stream, maxBytes);
            if (bytes is null) problem = $"'{path}' has more than {maxBytes:N0} bytes, which is the limit.";
            return bytes;
        }
        catch (FileSystemException error)
        {
            problem = $"'{path}' can't be read: {error.Message}";
            return null;
        }
    }
}

/// <summary>Reads a stream whole, unless it is too long.</summary>
internal static class BoundedBytes
{
    public static byte[]? Read(Stream stream, long maxBytes)
    {
        using var all = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (all.Length + read > maxBytes) return null;
            all.Write(buffer, 0, read);
        }
        return all.ToArray();
    }
}
