using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// Hashes of files that have not been touched since, so that a capture costs a stat and not a read. An entry counts only while
/// inode, size and both times are the same, and is kept only when the file was already at rest when we read it: a file that
/// changes again within one tick of the clock shows the same times. A torn or foreign cache file is no cache.
/// </summary>
internal sealed class StatCache
{
    private const long AtRestNs = 2_000_000_000;
    private readonly FileSystem files;
    private readonly CacheFile file;
    private readonly ulong device, rootInode;
    private readonly Dictionary<RepositoryPath, Entry> old = [];
    private readonly Lazy<long> clockNs;

    private StatCache(FileSystem files, DirectoryHandle folder, DirectoryHandle root) =>
        (this.files, file, device, rootInode, clockNs) = (files, new(files, folder, "tree-cache", "TARSTREE1"u8.ToArray()), root.Device, root.Inode, new(ReadClock));

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
        using var reader = cache.file.Open();
        if (reader is not null) cache.Read(reader);
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
    public void Save(IReadOnlyCollection<KeyValuePair<RepositoryPath, Entry>> entries) => file.Replace(writer => Write(writer, entries));

    /// <summary>The file system's own clock (not ours: they may differ); the beginning of time when nothing can be kept.</summary>
    private long ReadClock()
    {
        using var probe = file.TryBegin();
        if (probe is null) return long.MinValue + AtRestNs;
        files.Write(probe, [0]);
        return files.Stat(probe).MtimeNs;
    }

    private void Write(BinaryWriter writer, IReadOnlyCollection<KeyValuePair<RepositoryPath, Entry>> entries)
    {
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
    }

    private void Read(BinaryReader reader)
    {
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
