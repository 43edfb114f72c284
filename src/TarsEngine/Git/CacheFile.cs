using System.Security.Cryptography;
using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>
/// A file that only saves time: begun by a mark of its kind, ended by the hash of all before it, and replaced as a whole. One that is
/// torn, foreign or of another kind is none.
/// </summary>
/// <param name="name">Beside it, the name with '.new' is the one being written.</param>
internal sealed class CacheFile(FileSystem files, DirectoryHandle folder, string name, byte[] mark)
{
    private const long MostBytes = 1L << 30;
    private readonly string newName = name + ".new";

    /// <summary>Reads what stands behind the mark; null when there is no whole file.</summary>
    public BinaryReader? Open()
    {
        if (files.Stat(folder, name) is not { Kind: NodeKind.File, Size: < MostBytes }) return null;
        using var file = files.OpenFile(folder, name);
        // In one piece: what grows by doubling costs collections.
        var bytes = new byte[files.Stat(file).Size];
        var filled = 0;
        while (filled < bytes.Length && files.Read(file, bytes.AsSpan(filled)) is var count and > 0) filled += count;
        var body = bytes.Length - SHA256.HashSizeInBytes;
        if (body < mark.Length || !bytes.AsSpan(0, mark.Length).SequenceEqual(mark)
            || !SHA256.HashData(bytes.AsSpan(0, body)).AsSpan().SequenceEqual(bytes.AsSpan(body))) return null;
        return new(new MemoryStream(bytes, mark.Length, body - mark.Length), Encoding.UTF8);
    }

    /// <summary>Replaces it; nothing when another process writes it, or has just put its own in place: that one is as good as ours.</summary>
    public void Replace(Action<BinaryWriter> write)
    {
        using var file = TryBegin();
        if (file is null) return;
        files.Write(file, Serialize(write));
        files.RenameReplace(folder, newName, folder, name);
    }

    /// <summary>The new file, empty and ours alone; null when it is another's.</summary>
    public FileHandle? TryBegin()
    {
        var file = files.OpenOrCreateFile(folder, newName, 0b110_000_000);
        var isOurs = false;
        try
        {
            if (!files.TryLock(file) || files.Stat(folder, newName) is not { } named || !named.IsSameNode(files.Stat(file))) return null;
            files.Truncate(file);
            isOurs = true;
            return file;
        }
        finally
        {
            if (!isOurs) file.Dispose();
        }
    }

    private byte[] Serialize(Action<BinaryWriter> write)
    {
        using var memory = new MemoryStream();
        using var writer = new BinaryWriter(memory, Encoding.UTF8);
        writer.Write(mark);
        write(writer);
        writer.Flush();
        writer.Write(SHA256.HashData(memory.GetBuffer().AsSpan(0, (int)memory.Length)));
        writer.Flush();
        return memory.ToArray();
    }
}
