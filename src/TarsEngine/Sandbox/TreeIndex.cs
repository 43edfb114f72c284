using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>Which names a tree holds, folders included: for what can't stand beside each other on a disk.</summary>
internal sealed class TreeIndex
{
    /// <summary>How many entries lie directly in a folder; a folder with none does not exist.</summary>
    private readonly Dictionary<RepositoryPath, int> folders = [];

    /// <summary>Files and folders by their name in one letter case.</summary>
    private readonly Dictionary<string, RepositoryPath[]> folded = new(StringComparer.Ordinal);

    public TreeIndex(IEnumerable<RepositoryPath> paths)
    {
        foreach (var path in paths) Add(path);
    }

    public bool IsFolder(RepositoryPath path) => folders.ContainsKey(path);

    /// <summary>What is there already and differs from <paramref name="path"/>, or from a folder above it, by letter case only.</summary>
    public RepositoryPath? TwinOf(RepositoryPath path)
    {
        foreach (var node in path.Ancestors().Append(path))
        {
            if (!folded.TryGetValue(Fold(node), out var there)) return null; // then nothing is below it either
            if (!there.Contains(node)) return there[0];
        }
        return null;
    }

    public void Add(RepositoryPath path)
    {
        AddName(path);
        for (var folder = path.Parent; folder is { } above; folder = above.Parent)
        {
            if (folders.TryGetValue(above, out var count))
            {
                folders[above] = count + 1;
                return;
            }
            folders[above] = 1;
            AddName(above);
        }
    }

    public void Remove(RepositoryPath path)
    {
        RemoveName(path);
        for (var folder = path.Parent; folder is { } above; folder = above.Parent)
        {
            if (--folders[above] > 0) return;
            folders.Remove(above);
            RemoveName(above);
        }
    }

    private static string Fold(RepositoryPath path) => path.Value.ToUpperInvariant();

    private void AddName(RepositoryPath path)
    {
        var key = Fold(path);
        folded[key] = folded.TryGetValue(key, out var there) ? [.. there, path] : [path];
    }

    private void RemoveName(RepositoryPath path)
    {
        var key = Fold(path);
        RepositoryPath[] rest = [.. folded[key].Where(other => other != path)];
        if (rest.Length == 0) folded.Remove(key);
        else folded[key] = rest;
    }
}
