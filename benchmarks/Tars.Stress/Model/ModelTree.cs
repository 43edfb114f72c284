using System.Globalization;
using System.Text;
using TarsEngine.Files;

namespace Tars.Stress.Model;

/// <summary>A codebase as it should be: paths and contents, in memory.</summary>
internal sealed class ModelTree
{
    // Files that are in each other's way, a name of few letters, and one of bytes that are no UTF-8.
    private static readonly RepositoryPath[] paths =
    [
        .. ((string[])["a", "b", "d/a", "d/b", "d/e/x", "a/in", "a/in/er", "Z"]).Select(RepositoryPath.Parse), RepositoryPath.FromBytes([(byte)'n', 0xff, (byte)'\n']),
    ];

    private readonly SortedDictionary<RepositoryPath, int> files;

    public ModelTree() => files = [];

    private ModelTree(ModelTree other) => files = new(other.files);

    public static int Paths => paths.Length;

    public IEnumerable<RepositoryPath> Files => files.Keys;

    public static RepositoryPath Path(int number) => paths[number % paths.Length];

    public static byte[] Bytes(int content) => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"content {content}\n"));

    /// <summary>0 where there is none.</summary>
    public int this[RepositoryPath path] => files.GetValueOrDefault(path);

    public ModelTree Copy() => new(this);

    /// <summary>What stands in the way of a file, above it or below it, goes.</summary>
    public void Put(RepositoryPath path, int content)
    {
        if (content == 0)
        {
            files.Remove(path);
            return;
        }
        foreach (var other in InTheWayOf(path).ToList()) files.Remove(other);
        files[path] = content;
    }

    public IEnumerable<RepositoryPath> InTheWayOf(RepositoryPath path) => files.Keys.Where(other => other.IsUnder(path) || path.IsUnder(other));

    public bool Is(TreeSnapshot tree) => tree.Entries.Count == files.Count && files.All(file => tree[file.Key] is { Kind: EntryKind.File } state && state.Hash == ContentHash.Of(Bytes(file.Value)));

    public override string ToString() => string.Join(", ", files.Select(file => $"{file.Key}={file.Value}"));
}
