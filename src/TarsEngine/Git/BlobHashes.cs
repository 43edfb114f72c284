using System.Security.Cryptography;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// What git's own ids of contents are by our hash, so that a commit whose contents were read before costs no reading. Both name
/// bytes that never change, so nothing in here can become wrong. A torn or foreign file is no cache.
/// </summary>
internal sealed class BlobHashes
{
    private const int Most = 500_000;

    private readonly FileSystem files;
    private readonly string folder;
    private readonly Dictionary<string, (ContentHash Hash, long Size)> known = new(StringComparer.Ordinal);
    private bool changed;

    private BlobHashes(FileSystem files, string folder) => (this.files, this.folder) = (files, folder);

    /// <param name="folder">The state's.</param>
    public static BlobHashes Load(FileSystem files, string folder)
    {
        var cache = new BlobHashes(files, folder);
        using var state = files.OpenRoot(folder);
        using var reader = FileIn(files, state).Open();
        if (reader is not null) cache.Read(reader);
        return cache;
    }

    public (ContentHash Hash, long Size)? Find(string id) => known.TryGetValue(id, out var content) ? content : null;

    public void Add(string id, ContentHash hash, long size) => changed |= known.TryAdd(id, (hash, size));

    public void Save()
    {
        if (!changed || known.Count > Most) return;
        using var state = files.OpenRoot(folder);
        FileIn(files, state).Replace(Write);
    }

    private static CacheFile FileIn(FileSystem files, DirectoryHandle state) => new(files, state, "blob-cache", "TARSBLOB1"u8.ToArray());

    private void Write(BinaryWriter writer)
    {
        writer.Write(known.Count);
        foreach (var (id, (hash, size)) in known)
        {
            writer.Write(id);
            writer.Write(size);
            writer.Write(Convert.FromHexString(hash.Hex));
        }
    }

    private void Read(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (id, size) = (reader.ReadString(), reader.ReadInt64());
            known[id] = (ContentHash.FromDigest(reader.ReadBytes(SHA256.HashSizeInBytes)), size);
        }
    }
}
