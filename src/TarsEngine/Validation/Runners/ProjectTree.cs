using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Validation.Runners;

/// <summary>One project of a tree, read as text alone: nothing of it runs while we look for its tests.</summary>
internal sealed class ProjectTree(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content, RepositoryPath manifest)
{
    private const long MaxBytes = 1024 * 1024;

    private readonly Lazy<IReadOnlyList<string>> files = new(() => FilesIn(tree, manifest.Parent?.Value ?? ""));

    /// <summary>Relative to the codebase's root; '' is the root.</summary>
    public string Folder => Manifest.Parent?.Value ?? "";

    public RepositoryPath Manifest => manifest;

    /// <summary>For names of checks: 'web' or nothing.</summary>
    public string Suffix => Folder.Length == 0 ? "" : " " + Folder;

    /// <summary>Its files, relative to its folder, in order.</summary>
    public IReadOnlyList<string> Files => files.Value;

    public bool Has(string path) => RepositoryPath.TryParse(Full(path), out var full, out _) && tree[full] is not null;

    public bool HasFolder(string path)
    {
        var prefix = Full(path) + "/";
        return tree.Entries.Keys.Any(file => file.Value.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Null where there is no such file, or one that is too large to be looked at.</summary>
    public string? Text(string path) =>
        RepositoryPath.TryParse(Full(path), out var full, out _) && tree[full] is { Kind: EntryKind.File, Size: <= MaxBytes } state ? Encoding.UTF8.GetString(content(full, state)) : null;

    private string Full(string path) => Folder.Length == 0 ? path : $"{Folder}/{path}";

    private static List<string> FilesIn(TreeSnapshot tree, string folder)
    {
        var prefix = folder.Length == 0 ? "" : folder + "/";
        return
        [
            .. tree.Entries.Where(entry => entry.Value.Kind == EntryKind.File && entry.Key.Value.StartsWith(prefix, StringComparison.Ordinal)
                    && !entry.Key.Value.Contains("node_modules/", StringComparison.Ordinal))
                .Select(entry => entry.Key.Value[prefix.Length..]).Order(StringComparer.Ordinal),
        ];
    }
}
