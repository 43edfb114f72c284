using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TarsCli.Tests.Stress;

/// <summary>A folder as text: every path with its kind, mode, content or link target, so that two states can be compared to the last bit.</summary>
internal static class Picture
{
    /// <summary>The working tree without git's folder, folders included.</summary>
    /// <param name="without">Paths that are left out.</param>
    public static string OfTree(string root, params string[] without) => Of(root, root, path => path != ".git" && !without.Contains(path), withTimes: false);

    /// <summary>Git's own files (HEAD, index, refs, stash, config, objects) and some files of the user's, with the time of their last change.</summary>
    public static string OfUser(string root, params string[] paths)
    {
        var text = new StringBuilder(Of(Path.Combine(root, ".git"), Path.Combine(root, ".git"), path => path != "tars", withTimes: true));
        foreach (var path in paths) Add(text, path, Path.Combine(root, path), withTimes: true);
        return text.ToString();
    }

    /// <summary>The lines that only one of two pictures has.</summary>
    public static string Difference(string before, string after)
    {
        var (old, now) = (before.Split('\n').ToHashSet(StringComparer.Ordinal), after.Split('\n').ToHashSet(StringComparer.Ordinal));
        return string.Join('\n', [.. old.Except(now).Select(l => "- " + l), .. now.Except(old).Select(l => "+ " + l)]);
    }

    private static string Of(string top, string root, Func<string, bool> isShown, bool withTimes)
    {
        var text = new StringBuilder();
        var folders = new Stack<string>([top]);
        while (folders.TryPop(out var folder))
        {
            foreach (var path in Directory.EnumerateFileSystemEntries(folder).Order(StringComparer.Ordinal))
            {
                var relative = Path.GetRelativePath(root, path);
                if (!isShown(relative)) continue;
                Add(text, relative, path, withTimes);
                if (Directory.Exists(path) && new FileInfo(path).LinkTarget is null) folders.Push(path);
            }
        }
        return text.ToString();
    }

    private static void Add(StringBuilder text, string shown, string path, bool withTimes)
    {
        var info = new FileInfo(path);
        text.Append(shown);
        if (info.LinkTarget is { } target) text.Append(" -> ").Append(target);
        else
        {
            if (!OperatingSystem.IsWindows()) text.Append(' ').Append(Convert.ToString((int)info.UnixFileMode, 8));
            if (Directory.Exists(path)) text.Append(" folder");
            else
            {
                text.Append(' ').Append(Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))));
                if (withTimes) text.Append(' ').Append(info.LastWriteTimeUtc.Ticks.ToString(CultureInfo.InvariantCulture));
            }
        }
        text.Append('\n');
    }
}
