using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>Stored bytes no longer have the hash that they are stored under.</summary>
public sealed class ObjectCorruptException(ContentHash hash, string path, string found) : Exception(
    $"The stored content {hash} is damaged: '{path}' {found}. It was not used. Restore that file from a backup of the state folder.")
{
    public ContentHash Hash { get; } = hash;
}

/// <summary>A content that should be stored is not there.</summary>
public sealed class ObjectMissingException(ContentHash hash, string folder) : Exception(
    $"The stored content {hash} is missing from '{folder}'. Restore it from a backup of the state folder.")
{
    public ContentHash Hash { get; } = hash;
}

/// <summary>
/// Contents under their hash: 'objects/ab/cdef…'. Written once under another name and renamed when whole, so that a name never
/// holds half a content. Durable only once <see cref="MakeDurable"/> has said so. Safe from several threads and processes.
/// </summary>
public sealed class ObjectStore(StateFolder folder, FileSystem files)
{
    private const int Few = 8;
    private const int ReadOnlyMode = 0b100_000_000, FolderMode = 0b111_000_000;
    private static long counter;

    // By this process; a content never changes, so once is enough.
    private readonly ConcurrentDictionary<ContentHash, bool> durable = new();
    private readonly ConcurrentDictionary<ContentHash, bool> sound = new();

    /// <summary>Stores bytes; harmless when they are there already.</summary>
    public ContentHash Put(ReadOnlySpan<byte> bytes)
    {
        var hash = ContentHash.Of(bytes);
        if (IsSound(hash)) return hash;
        using var root = files.OpenRoot(folder.Objects);
        var (temporary, file) = CreateTemporary(root);
        using (file)
        {
            files.Write(file, bytes);
            files.SetMode(file, ReadOnlyMode);
        }
        Publish(root, temporary, hash);
        return hash;
    }

    /// <summary>Stores what a stream holds, in bounded memory.</summary>
    public (ContentHash Hash, long Size) Put(Stream content)
    {
        using var root = files.OpenRoot(folder.Objects);
        var (temporary, file) = CreateTemporary(root);
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var size = 0L;
        try
        {
            using (file)
            {
                var buffer = new byte[128 * 1024];
                int count;
                while ((count = content.Read(buffer)) > 0)
                {
                    digest.AppendData(buffer, 0, count);
                    files.Write(file, buffer.AsSpan(0, count));
                    size += count;
                }
                files.SetMode(file, ReadOnlyMode);
            }
        }
        catch (IOException)
        {
            files.Unlink(root, temporary);
            throw;
        }
        var hash = ContentHash.FromDigest(digest.GetHashAndReset());
        if (IsSound(hash)) files.Unlink(root, temporary);
        else Publish(root, temporary, hash);
        return (hash, size);
    }

    public bool Contains(ContentHash hash)
    {
        using var root = files.OpenRoot(folder.Objects);
        using var shard = OpenShard(root, hash);
        return shard is not null && files.Stat(shard, Name(hash)) is { Kind: NodeKind.File };
    }

    /// <summary>The bytes as a stream that checks them: reading to the end throws when they are not what was stored.</summary>
    /// <exception cref="ObjectMissingException">It is not there.</exception>
    public Stream OpenRead(ContentHash hash)
    {
        using var root = files.OpenRoot(folder.Objects);
        using var shard = OpenShard(root, hash) ?? throw new ObjectMissingException(hash, folder.Objects);
        try
        {
            return new VerifiedStream(files.OpenRead(shard, Name(hash)), hash,
                found => new ObjectCorruptException(hash, PathOf(hash), $"has the hash {found}"));
        }
        catch (FileSystemException error) when (error.Error == Errno.NotFound)
        {
            throw new ObjectMissingException(hash, folder.Objects);
        }
    }

    /// <summary>All bytes, checked.</summary>
    /// <exception cref="ObjectCorruptException">They are not what was stored.</exception>
    public byte[] Read(ContentHash hash)
    {
        using var stream = OpenRead(hash);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>Contents that survive a power loss from here on: a few by fsync each, many by one syncfs.</summary>
    public void MakeDurable(IReadOnlyCollection<ContentHash> hashes)
    {
        var fresh = hashes.Where(h => !durable.ContainsKey(h)).ToHashSet();
        if (fresh.Count == 0) return;
        using var root = files.OpenRoot(folder.Objects);
        if (fresh.Count > Few)
        {
            if (fresh.FirstOrDefault(h => !Contains(h)) is { Hex.Length: > 0 } missing) throw new ObjectMissingException(missing, folder.Objects);
            files.SyncFileSystem(root);
        }
        else
        {
            foreach (var hash in fresh)
            {
                using var shard = OpenShard(root, hash) ?? throw new ObjectMissingException(hash, folder.Objects);
                using (var file = files.OpenFile(shard, Name(hash))) files.Fsync(file);
                files.Fsync(shard);
            }
            files.Fsync(root);
        }
        foreach (var hash in fresh) durable[hash] = true;
    }

    // A dash can't begin a shard's name, so a temporary file that a crash left is known by its name.
    private (string Name, FileHandle File) CreateTemporary(DirectoryHandle root)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"-{Environment.ProcessId}-{Guid.NewGuid():n}-{Interlocked.Increment(ref counter)}");
        return (name, files.CreateFile(root, name, 0b110_000_000));
    }

    // A name alone proves nothing: after a power loss it may stand for bytes that never reached the disk.
    private bool IsSound(ContentHash hash)
    {
        if (sound.ContainsKey(hash)) return true;
        if (!Contains(hash)) return false;
        try
        {
            using var stream = OpenRead(hash);
            stream.CopyTo(Stream.Null);
        }
        catch (Exception error) when (error is ObjectCorruptException or ObjectMissingException)
        {
            return false;
        }
        return sound[hash] = true;
    }

    private void Publish(DirectoryHandle root, string temporary, ContentHash hash)
    {
        using var shard = OpenShard(root, hash) ?? MakeShard(root, hash);
        try
        {
            files.RenameNoReplace(root, temporary, shard, Name(hash));
        }
        catch (FileSystemException error) when (error.Error == Errno.Exists)
        {
            // Either another process stored the same bytes meanwhile, and may have made them durable: those stay. Or damaged ones.
            if (IsSound(hash))
            {
                files.Unlink(root, temporary);
                return;
            }
            using (var file = files.OpenFile(root, temporary)) files.Fsync(file);
            files.RenameReplace(root, temporary, shard, Name(hash));
        }
        sound[hash] = true;
    }

    private DirectoryHandle MakeShard(DirectoryHandle root, ContentHash hash)
    {
        try
        {
            files.CreateDirectory(root, hash.Hex[..2], FolderMode);
        }
        catch (FileSystemException error) when (error.Error == Errno.Exists)
        {
            // Another thread or process made it meanwhile.
        }
        return OpenShard(root, hash) ?? throw new StateException(StateProblem.Corrupt,
            $"'{Path.Combine(folder.Objects, hash.Hex[..2])}' must be a folder of the object store and is something else. Move it away, then run the command again.");
    }

    private DirectoryHandle? OpenShard(DirectoryHandle root, ContentHash hash) => files.OpenDirectory(root, RepositoryPath.Parse(hash.Hex[..2]));

    private static string Name(ContentHash hash) => hash.Hex[2..];

    /// <summary>Where its bytes lie, for programs of ours that only read them.</summary>
    internal string PathOf(ContentHash hash) => Path.Combine(folder.Objects, hash.Hex[..2], Name(hash));
}
