using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Worlds;

/// <summary>Everything in a folder, as text: each path with its mode and its content's hash or its link.</summary>
public static class TreePicture
{
    /// <param name="leftOut">Beginnings of relative paths that don't count.</param>
    /// <param name="withTimes">Files' times of change, too.</param>
    public static string Of(string root, IReadOnlyList<string> leftOut, bool withTimes = false)
    {
        var text = new StringBuilder();
        foreach (var path in Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var relative = Path.GetRelativePath(root, path);
            if (leftOut.Any(one => relative.StartsWith(one, StringComparison.Ordinal))) continue;
            var info = new FileInfo(path);
            text.Append(relative).Append(' ').Append(info.UnixFileMode).Append(' ');
            if (info.LinkTarget is { } target) text.Append("-> ").Append(target);
            else if (!Directory.Exists(path)) text.Append(ContentHash.Of(File.ReadAllBytes(path))).Append(withTimes ? $" {info.LastWriteTimeUtc.Ticks}" : "");
            text.Append('\n');
        }
        return text.ToString();
    }
}
