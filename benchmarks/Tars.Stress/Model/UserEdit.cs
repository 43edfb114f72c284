using TarsEngine.Files;

namespace Tars.Stress.Model;

/// <summary>A person at work in the codebase, with no engine between.</summary>
internal static class UserEdit
{
    /// <summary>Writes a file, or deletes it.</summary>
    /// <param name="content">0 deletes.</param>
    /// <returns>False where nobody could: a folder stands there, a file above it, or it is so already.</returns>
    public static bool Make(string codebase, ModelTree tree, RepositoryPath path, int content)
    {
        if (tree[path] == content || tree.InTheWayOf(path).Any() || Directory.Exists(Path.Combine(codebase, path.Value))) return false;
        var plain = new FileSystem();
        using var top = plain.OpenRoot(codebase);
        foreach (var above in content == 0 ? [] : path.Ancestors())
        {
            using var holder = plain.OpenDirectory(top, above.Parent)!;
            if (plain.Stat(holder, above.Name) is null) plain.CreateDirectory(holder, above.Name, 0b111_101_101);
        }
        using var folder = plain.OpenDirectory(top, path.Parent)!;
        if (tree[path] != 0) plain.Unlink(folder, path.Name);
        if (content == 0) return true;
        using var file = plain.CreateFile(folder, path.Name, 0b110_100_100);
        plain.Write(file, ModelTree.Bytes(content));
        return true;
    }
}
