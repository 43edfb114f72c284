using System.Runtime.InteropServices;

namespace TarsEngine.Files;

// The calls that change the disk.
public sealed partial class FileSystem
{
    /// <summary>Creates a file that must not exist yet, for reading and writing; the process's umask applies (see SetMode).</summary>
    public FileHandle CreateFile(DirectoryHandle directory, string name, int mode)
    {
        var target = directory.PathOf(name);
        var call = Before("create", target, mutates: true);
        return Finish(new FileHandle(OpenAt(directory, name, Native.ReadWrite | Native.Create | Native.Exclusive, (uint)mode, target), target), call);
    }

    /// <summary>Opens a file of our own for reading and writing, and creates it when absent: lock files, for one.</summary>
    public FileHandle OpenOrCreateFile(DirectoryHandle directory, string name, int mode)
    {
        var target = directory.PathOf(name);
        var call = Before("open-or-create", target, mutates: true);
        return Finish(new FileHandle(OpenAt(directory, name, Native.ReadWrite | Native.Create, (uint)mode, target), target), call);
    }

    /// <summary>Writes all of it, from where the file stands.</summary>
    public unsafe void Write(FileHandle file, ReadOnlySpan<byte> bytes)
    {
        var call = Before("write", file.Path, mutates: true);
        fixed (byte* start = bytes)
        {
            for (var done = 0; done < bytes.Length;)
            {
                var rest = bytes.Length - done;
                var count = Native.Write(file.Descriptor, start + done, observer?.Takes(call, rest) ?? rest);
                if (count >= 0) done += (int)count;
                else if (Marshal.GetLastPInvokeError() != Errno.Interrupted) throw Failure("write", file.Path);
            }
        }
        After(call);
    }

    /// <summary>Cuts the file to nothing, or to <paramref name="size"/>, and stands at its beginning.</summary>
    public void Truncate(FileHandle file, long size = 0)
    {
        var call = Before("truncate", file.Path, mutates: true);
        if (Native.Seek(file.Descriptor, 0, 0) < 0) throw Failure("lseek", file.Path);
        Check(Native.Truncate(file.Descriptor, size), "truncate", file.Path, call);
    }

    /// <summary>Stands at the file's beginning again.</summary>
    public void Rewind(FileHandle file)
    {
        var call = Before("rewind", file.Path, mutates: false);
        Check(Native.Seek(file.Descriptor, 0, 0) < 0 ? -1 : 0, "lseek", file.Path, call);
    }

    /// <summary>Makes <paramref name="destination"/> share the blocks of <paramref name="source"/>; false where the file system can't.</summary>
    public bool TryClone(FileHandle source, FileHandle destination)
    {
        var call = Before("clone", destination.Path, mutates: true);
        var cloned = Native.InputOutputControl(destination.Descriptor, Native.CloneFile, source.Descriptor) == 0;
        After(call);
        return cloned;
    }

    /// <summary>Creates a folder that must not exist yet; the process's umask applies (see SetMode).</summary>
    public unsafe void CreateDirectory(DirectoryHandle directory, string name, int mode)
    {
        var target = directory.PathOf(name);
        var call = Before("mkdir", target, mutates: true);
        fixed (byte* entry = TerminatedName(name))
            Check(Native.MakeDirectory(directory.Descriptor, entry, (uint)mode), "mkdir", target, call);
    }

    /// <summary>Creates a symlink that must not exist yet.</summary>
    public unsafe void CreateSymlink(DirectoryHandle directory, string name, ReadOnlySpan<byte> linkTarget)
    {
        var target = directory.PathOf(name);
        var call = Before("symlink", target, mutates: true);
        fixed (byte* entry = TerminatedName(name))
        fixed (byte* pointsTo = (byte[])[.. linkTarget, 0])
            Check(Native.Symlink(pointsTo, directory.Descriptor, entry), "symlink", target, call);
    }

    /// <summary>Makes the mark by which an overlay hides what lies below it. Needs no privilege.</summary>
    public unsafe void CreateWhiteout(DirectoryHandle directory, string name)
    {
        const uint characterDevice = 0x2000;
        var target = directory.PathOf(name);
        var call = Before("mknod", target, mutates: true);
        fixed (byte* entry = TerminatedName(name)) Check(Native.MakeNode(directory.Descriptor, entry, characterDevice, 0), "mknod", target, call);
    }

    /// <summary>Moves an entry to a name that must be free.</summary>
    public void RenameNoReplace(DirectoryHandle fromDirectory, string from, DirectoryHandle toDirectory, string to) =>
        Rename("rename-noreplace", fromDirectory, from, toDirectory, to, Native.RenameNoReplaceFlag);

    /// <summary>Swaps two entries in one step; both must exist.</summary>
    public void RenameExchange(DirectoryHandle fromDirectory, string from, DirectoryHandle toDirectory, string to) =>
        Rename("rename-exchange", fromDirectory, from, toDirectory, to, Native.RenameExchangeFlag);

    /// <summary>Moves an entry over whatever stands at the other name. For files of our own state only, never for the user's.</summary>
    public void RenameReplace(DirectoryHandle fromDirectory, string from, DirectoryHandle toDirectory, string to) =>
        Rename("rename-replace", fromDirectory, from, toDirectory, to, 0);

    /// <summary>Removes a name that is not a folder.</summary>
    public void Unlink(DirectoryHandle directory, string name) => Remove("unlink", directory, name, 0);

    /// <summary>Removes an empty folder.</summary>
    public void RemoveDirectory(DirectoryHandle directory, string name) => Remove("rmdir", directory, name, Native.AtRemoveDirectory);

    /// <summary>Makes a file's content durable. A failure must never be retried: the kernel forgets the lost pages.</summary>
    public void Fsync(FileHandle file) => Sync("fsync", file.Path, Native.Sync, file.Descriptor);

    /// <summary>Makes a folder's entries durable. A failure must never be retried.</summary>
    public void Fsync(DirectoryHandle directory) => Sync("fsync-directory", directory.Path, Native.Sync, directory.Descriptor);

    /// <summary>Makes everything on the file system of this folder durable: dear beside another writer, cheap for many files.</summary>
    public void SyncFileSystem(DirectoryHandle directory) => Sync("syncfs", directory.Path, Native.SyncFileSystem, directory.Descriptor);

    private unsafe void Rename(string operation, DirectoryHandle fromDirectory, string from, DirectoryHandle toDirectory, string to, uint flags)
    {
        var target = observer is null ? "" : fromDirectory.PathOf(from) + " → " + toDirectory.PathOf(to);
        var call = Before(operation, target, mutates: true);
        int result;
        fixed (byte* source = TerminatedName(from))
        fixed (byte* destination = TerminatedName(to))
            result = Native.Rename(fromDirectory.Descriptor, source, toDirectory.Descriptor, destination, flags);
        if (result < 0) throw Failure(operation, fromDirectory.PathOf(from) + " → " + toDirectory.PathOf(to));
        After(call);
    }

    private unsafe void Remove(string operation, DirectoryHandle directory, string name, int flags)
    {
        var target = directory.PathOf(name);
        var call = Before(operation, target, mutates: true);
        fixed (byte* entry = TerminatedName(name))
            Check(Native.Unlink(directory.Descriptor, entry, flags), operation, target, call);
    }

    private void Sync(string operation, string target, Func<int, int> sync, int descriptor)
    {
        var call = Before(operation, target, mutates: true);
        Check(sync(descriptor), operation, target, call);
    }
}
