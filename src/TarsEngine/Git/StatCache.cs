using System.Security.Cryptography;
using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// Hashes of files that have not been touched since, so that a capture costs a stat and not a read. An entry counts only while
/// inode, size and both times are the same, and is kept only when the file was already at rest when we read it: a file that
/// changes again within one tick of the clock shows the same times. A torn or foreign cache file is no cache.
/// </summary>
internal sealed class StatCache
{
    private const string Name = "tree-cache", NewName = "tree-cache.new";
    private const long MostBytes = 1L << 30;
    private const long AtRestNs = 2_000_000_000;
    private static readonly byte[] Magic = "TARSTREE1"u8.ToArray();

    private readonly FileSystem files;
    private readonly DirectoryHandle folder;
    private readonly ulong device, rootInode;
    private readonly Dictionary<RepositoryPath, Entry> old = [];
    private readonly Lazy<long> clockNs;

    private StatCache(FileSystem files, DirectoryHandle folder, DirectoryHandle root) =>
        (this.files, this.folder, device, rootInode, clockNs) = (files, folder, root.Device, root.Inode, new(ReadClock));

    /// <summary>What is kept of one file.</summary>
    public sealed record Entry(ulong Inode, long Size, long MtimeNs, long CtimeNs, FileState State)
    {
        public bool Fits(EntryInfo info) =>
            Inode == info.Inode && Size == info.Size && MtimeNs == info.MtimeNs && CtimeNs == info.CtimeNs && State.Mode == info.Mode
            && info.Kind == NodeKind.File;
    }

    public static StatCache Load(FileSystem files, DirectoryHandle folder, DirectoryHandle root)
    {
        var cache = new StatCache(files, folder, root);
        if (files.Stat(folder, Name) is { Kind: NodeKind.File, Size: < MostBytes })
        {
            using var file = files.OpenFile(folder, Name);
            var bytes = new byte[files.Stat(file).Size];
            var filled = 0;
            while (filled < bytes.Length && files.Read(file, bytes.AsSpan(filled)) is var count and > 0) filled += count;
            cache.Read(bytes);
        }
        return cache;
    }

    /// <summary>Those that are kept, in the order in which they were found.</summary>
    public IReadOnlyCollection<RepositoryPath> Paths => old.Keys;

    /// <summary>Null for a file that was touched since.</summary>
    public Entry? Find(RepositoryPath path, EntryInfo info) => old.TryGetValue(path, out var entry) && entry.Fits(info) ? entry : null;

    /// <summary>To be called before a file is read that is to be kept.</summary>
    public void BeforeReading() => _ = clockNs.Value;

    /// <summary>What can be kept of a file that was read; null when it was touched too lately.</summary>
    public Entry? Of(EntryInfo info, FileState state) =>
        state.Kind != EntryKind.File || info.CtimeNs >= clockNs.Value - AtRestNs || info.MtimeNs >= clockNs.Value - AtRestNs
            ? null
            : new(info.Inode, info.Size, info.MtimeNs, info.CtimeNs, state);

    /// <summary>Keeps these for the next capture.</summary>
    public void Save(IReadOnlyCollection<KeyValuePair<RepositoryPath, Entry>> entries)
    {
        using var file = files.OpenOrCreateFile(folder, NewName, 0b110_000_000);
        if (!IsOurs(file)) return;
        files.Truncate(file);
        files.Write(file, Serialize(entries));
        files.RenameReplace(folder, NewName, folder, Name);
    }

    /// <summary>False when another capture is writing, or has just put its own in place: that one is as good as ours.</summary>
    private bool IsOurs(FileHandle file) =>
        files.TryLock(file) && files.Stat(folder, NewName) is { } named && named.IsSameNode(files.Stat(file));

    /// <summary>The file system's own clock (not ours: they may differ); the beginning of time when nothing can be kept.</summary>
    private long ReadClock()
    {
        using var probe = files.OpenOrCreateFile(folder, NewName, 0b110_000_000);
        if (!IsOurs(probe)) return long.MinValue + AtRestNs;
        files.Truncate(probe);
        files.Write(probe, [0]);
        return files.Stat(probe).MtimeNs;
    }

    private byte[] Serialize(IReadOnlyCollection<KeyValuePair<RepositoryPath, Entry>> entries)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.UTF8);
        writer.Write(Magic);
        writer.Write(device);
        writer.Write(rootInode);
        writer.Write(entries.Count);
        foreach (var (path, entry) in entries)
        {
            var name = path.ToBytes();
            writer.Write(name.Length);
            writer.Write(name);
            writer.Write(entry.Inode);
            writer.Write(entry.Size);
            writer.Write(entry.MtimeNs);
            writer.Write(entry.CtimeNs);
            writer.Write(entry.State.Mode);
            writer.Write(Convert.FromHexString(entry.State.Hash.Hex));
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
        using var reader = new BinaryReader(new MemoryStream(bytes, Magic.Length, body - Magic.Length));
        if (reader.ReadUInt64() != device || reader.ReadUInt64() != rootInode) return;
        var entries = reader.ReadInt32();
        old.EnsureCapacity(entries);
        for (var count = entries; count > 0; count--)
        {
            var path = RepositoryPath.FromBytes(reader.ReadBytes(reader.ReadInt32()));
            var (inode, size, mtime, ctime) = (reader.ReadUInt64(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            var mode = reader.ReadInt32();
            old[path] = new(inode, size, mtime, ctime, new(EntryKind.File, mode, ContentHash.FromDigest(reader.ReadBytes(32)), size));
        }
    }
}
