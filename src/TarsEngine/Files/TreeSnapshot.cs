using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TarsEngine.Files;

/// <summary>A codebase at one instant: every path with its state, and one hash for the whole.</summary>
public sealed class TreeSnapshot
{
    private readonly Lazy<ContentHash> hash;

    public TreeSnapshot(IEnumerable<KeyValuePair<RepositoryPath, FileState>> entries)
    {
        Entries = entries.ToImmutableSortedDictionary();
        hash = new(ComputeHash);
    }

    public static TreeSnapshot Empty { get; } = new([]);

    public ImmutableSortedDictionary<RepositoryPath, FileState> Entries { get; }

    /// <summary>Equal exactly when every path, kind, mode and content is equal.</summary>
    public ContentHash Hash => hash.Value;

    public FileState? this[RepositoryPath path] => Entries.GetValueOrDefault(path);

    private ContentHash ComputeHash()
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (path, state) in Entries)
        {
            var name = path.ToBytes();
            digest.AppendData(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture,
                $"{state.Kind} {state.Mode:x} {state.Hash} {name.Length}\n")));
            digest.AppendData(name);
        }
        return ContentHash.FromDigest(digest.GetHashAndReset());
    }
}
