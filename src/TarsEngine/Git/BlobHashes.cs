using System.Security.Cryptography;
using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// What git's own ids of contents are by our hash, so that a commit whose contents were read before costs no reading. Both name
/// bytes that never change, so nothing in here can become wrong. A torn or foreign file is no cache.
/// </summary>
internal sealed class BlobHashes
{
    private const string Name = "blob-cache", NewName = "blob-cache.new";
    private const int Most = 500_000;
    private static readonly byte[] Magic = "TARSBLOB1"u8.ToArray();

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
        if (files.Stat(state, Name) is not { Kind: NodeKind.File }) return cache;
        using var stream = files.OpenRead(state, Name);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        cache.Read(memory.ToArray());
        return cache;
    }

    public (ContentHash Hash, long Size)? Find(string id) => known.TryGetValue(id, out var content) ? content : null;

    public void Add(string id, ContentHash hash, long size) => changed |= known.TryAdd(id, (hash, size));

    public void Save()
    {
        if (!changed || known.Count > Most) return;
        using var state = files.OpenRoot(folder);
        using var file = files.OpenOrCreateFile(state, NewName, 0b110_000_000);
        // Another process writes it, or has just put its own in place: that one is as good as ours.
        if (!files.TryLock(file) || files.Stat(state, NewName) is not { } named || !named.IsSameNode(files.Stat(file))) return;
        files.Truncate(file);
        files.Write(file, Serialize());
        files.RenameReplace(state, NewName, state, Name);
    }

    private byte[] Serialize()
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.ASCII);
        writer.Write(Magic);
        writer.Write(known.Count);
        foreach (var (id, (hash, size)) in known)
        {
            writer.Write(id);
            writer.Write(size);
            writer.Write(Convert.FromHexString(hash.Hex));
        }
        writer.Flush();
        writer.Write(SHA256.HashData(memory.ToArray()));
        writer.Flush();
        return memory.ToArray();
    }

    private void Read(byte[] bytes)
    {
        var body = bytes.Length - SHA256.HashSizeInBytes;
        if (body < Magic.Length || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic)
            || !SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body))) return;
        using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length, body - Magic.Length), Encoding.ASCII);
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (id, size) = (reader.ReadString(), reader.ReadInt64());
            known[id] = (ContentHash.FromDigest(reader.ReadBytes(SHA256.HashSizeInBytes)), size);
        }
    }
}
