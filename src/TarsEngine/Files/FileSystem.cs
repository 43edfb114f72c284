using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace TarsEngine.Files;

/// <summary>
/// The one seam to the disk. Every call goes to libc with the name's exact bytes, relative to an open directory, never
/// follows a symlink, never leaves a descriptor to a child process, and reports the real error (.NET's own flush hides fsync's).
/// </summary>
public sealed partial class FileSystem(ISeamObserver? observer = null)
{
    private const uint BasicStats = 0x7ff;
    private const ulong ImmutableAttribute = 0x10, AppendAttribute = 0x20;

    /// <summary>Opens a folder by its absolute path; symlinks on the way to it are the caller's own choice and are followed.</summary>
    public unsafe DirectoryHandle OpenRoot(string absolutePath)
    {
        if (!absolutePath.StartsWith('/')) throw new ArgumentException($"'{ByteText.Display(absolutePath)}' is not absolute.", nameof(absolutePath));
        var call = Before("open-root", absolutePath, mutates: false);
        int descriptor;
        fixed (byte* path = Terminated(absolutePath))
            descriptor = Native.Open(path, Native.ReadOnly | Native.Directory | Native.CloseOnExec, 0);
        if (descriptor < 0) throw Failure("open", absolutePath);
        return Finish(new DirectoryHandle(descriptor, absolutePath), call);
    }

    /// <summary>
    /// Opens the folder <paramref name="path"/> below <paramref name="root"/>, without leaving it by '..', a symlink or a mount point.
    /// Null when there is no folder by that name. Without a path, the root itself is opened anew.
    /// </summary>
    public unsafe DirectoryHandle? OpenDirectory(DirectoryHandle root, RepositoryPath? path)
    {
        var relative = path?.Value ?? ".";
        var target = path is null ? root.Path : root.PathOf(relative);
        var call = Before("openat2", target, mutates: false);
        var how = new Native.OpenHow
        {
            Flags = (ulong)(Native.ReadOnly | Native.Directory | Native.CloseOnExec),
            Resolve = Native.ResolveBeneath | Native.ResolveNoSymlinks | Native.ResolveNoMagicLinks | Native.ResolveNoXdev,
        };
        nint descriptor;
        var tries = 0;
        fixed (byte* name = Terminated(relative))
        {
            // EAGAIN: somewhere a rename ran at the same time and the kernel could not prove that we stayed inside.
            do descriptor = Native.OpenAt2(Native.OpenAt2Number, root.Descriptor, name, &how, sizeof(Native.OpenHow));
            while (descriptor < 0 && Marshal.GetLastPInvokeError() is Errno.Again or Errno.Interrupted && ++tries < 100);
        }
        if (descriptor < 0)
        {
            if (Marshal.GetLastPInvokeError() is not (Errno.NotFound or Errno.NotDirectory)) throw Failure("openat2", target);
            After(call);
            return null;
        }
        return Finish(new DirectoryHandle((int)descriptor, target), call);
    }

    /// <summary>What stands at a name, symlinks not followed; null when nothing does.</summary>
    public EntryInfo? Stat(DirectoryHandle directory, string name)
    {
        var target = directory.PathOf(name);
        var call = Before("stat", target, mutates: false);
        var info = ReadStat(directory.Descriptor, name, Native.AtSymlinkNoFollow, target);
        After(call);
        return info;
    }

    public EntryInfo Stat(FileHandle file) => StatOpen(file.Descriptor, file.Path);

    public EntryInfo Stat(DirectoryHandle directory) => StatOpen(directory.Descriptor, directory.Path);

    /// <summary>The names in a folder, in the order of their code units, '.' and '..' left out.</summary>
    public IReadOnlyList<string> List(DirectoryHandle directory) => List(directory, _ => true);

    /// <summary>The names of what is no regular file, folder or symlink: FIFOs, sockets, devices, and what the file system does not tell at once.</summary>
    public IReadOnlyList<string> ListOthers(DirectoryHandle directory) => List(directory, type => type is not (Native.TypeFile or Native.TypeDirectory or Native.TypeSymlink));

    private unsafe List<string> List(DirectoryHandle directory, Predicate<byte> isWanted)
    {
        var call = Before("list", directory.Path, mutates: false);
        var names = new List<string>();
        if (Native.Seek(directory.Descriptor, 0, 0) < 0) throw Failure("lseek", directory.Path);
        var buffer = new byte[32 * 1024];
        fixed (byte* start = buffer)
        {
            while (true)
            {
                var filled = Native.GetDents(Native.GetDentsNumber, directory.Descriptor, start, buffer.Length);
                if (filled < 0) throw Failure("getdents", directory.Path);
                if (filled == 0) break;
                for (var at = 0; at < filled;)
                {
                    // struct linux_dirent64: inode 8, offset 8, length 2, type 1, name.
                    var length = BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(at + 16));
                    var name = buffer.AsSpan(at + 19, length - 19);
                    name = name[..name.IndexOf((byte)0)];
                    if (isWanted(buffer[at + 18]) && !name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8)) names.Add(ByteText.Decode(name));
                    at += length;
                }
            }
        }
        names.Sort(StringComparer.Ordinal);
        After(call);
        return names;
    }

    /// <summary>Opens a regular file for reading. Refuses a symlink, and does not hang on a FIFO.</summary>
    public FileHandle OpenFile(DirectoryHandle directory, string name)
    {
        var target = directory.PathOf(name);
        var call = Before("open", target, mutates: false);
        // Looked at first: merely opening some devices acts.
        if (ReadStat(directory.Descriptor, name, Native.AtSymlinkNoFollow, target) is { Kind: NodeKind.Other }) throw NotRegular(target);
        var file = new FileHandle(OpenAt(directory, name, Native.ReadOnly | Native.NonBlock, 0, target), target);
        if (ReadStat(file.Descriptor, "", Native.AtEmptyPath, target) is { Kind: NodeKind.File })
        {
            return Finish(file, call);
        }
        file.Dispose();
        throw NotRegular(target);
    }

    /// <summary>The bytes of a regular file as a stream. Refuses a symlink, and does not hang on a FIFO.</summary>
    public Stream OpenRead(DirectoryHandle directory, string name) => new FileReadStream(this, OpenFile(directory, name));

    /// <summary>Reads on from where the file stands; 0 at its end.</summary>
    public unsafe int Read(FileHandle file, Span<byte> buffer)
    {
        var call = Before("read", file.Path, mutates: false);
        nint count;
        fixed (byte* start = buffer)
        {
            do count = Native.Read(file.Descriptor, start, buffer.Length);
            while (count < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        }
        if (count < 0) throw Failure("read", file.Path);
        After(call);
        return (int)count;
    }

    /// <summary>Where a symlink points, as bytes.</summary>
    public unsafe byte[] ReadLink(DirectoryHandle directory, string name)
    {
        var target = directory.PathOf(name);
        var call = Before("readlink", target, mutates: false);
        var buffer = new byte[4096];
        nint length;
        fixed (byte* entry = Terminated(name))
        fixed (byte* start = buffer)
            length = Native.ReadLink(directory.Descriptor, entry, start, buffer.Length);
        if (length < 0) throw Failure("readlink", target);
        After(call);
        return buffer[..(int)length];
    }

    /// <summary>The state of what stands at a name: null for nothing and for a folder.</summary>
    /// <exception cref="FileSystemException">It is a FIFO, socket or device, or can't be read.</exception>
    public FileState? Capture(DirectoryHandle directory, string name)
    {
        switch (Stat(directory, name))
        {
            case null or { Kind: NodeKind.Directory }: return null;
            case { Kind: NodeKind.Symlink }:
                var link = ReadLink(directory, name);
                return new(EntryKind.Symlink, FileState.SymlinkMode, ContentHash.Of(link), link.Length);
            case { Kind: NodeKind.File }:
                using (var file = OpenFile(directory, name)) return Capture(file);
            default: throw NotRegular(directory.PathOf(name));
        }
    }

    /// <summary>The state of an open file, read from where it stands to its end.</summary>
    public FileState Capture(FileHandle file)
    {
        var mode = Stat(file).Mode;
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(64 * 1024);
        try
        {
            var size = 0L;
            int count;
            while ((count = Read(file, buffer)) > 0)
            {
                digest.AppendData(buffer, 0, count);
                size += count;
            }
            return new(EntryKind.File, mode, ContentHash.FromDigest(digest.GetHashAndReset()), size);
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private EntryInfo StatOpen(int descriptor, string path)
    {
        var call = Before("stat", path, mutates: false);
        var info = ReadStat(descriptor, "", Native.AtEmptyPath, path)!;
        After(call);
        return info;
    }

    private DirectoryHandle Finish(DirectoryHandle directory, SeamCall call)
    {
        try
        {
            var info = ReadStat(directory.Descriptor, "", Native.AtEmptyPath, directory.Path)!;
            (directory.Device, directory.Inode) = (info.Device, info.Inode);
            After(call);
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    private FileHandle Finish(FileHandle file, SeamCall call)
    {
        try
        {
            After(call);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
