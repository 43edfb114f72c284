using System.Runtime.InteropServices;
using System.Text;

namespace TarsEngine.Files;

// Mode, owner, extended attributes (ACLs are among them), times, locks and leases.
public sealed partial class FileSystem
{
    /// <summary>Sets the twelve permission bits exactly; the umask does not apply.</summary>
    public void SetMode(FileHandle file, int mode)
    {
        var call = Before("chmod", file.Path, mutates: true);
        Check(Native.ChangeMode(file.Descriptor, (uint)mode), "chmod", file.Path, call);
    }

    /// <summary>Sets the twelve permission bits exactly; the umask does not apply.</summary>
    public void SetMode(DirectoryHandle directory, int mode)
    {
        var call = Before("chmod", directory.Path, mutates: true);
        Check(Native.ChangeMode(directory.Descriptor, (uint)mode), "chmod", directory.Path, call);
    }

    public void SetOwner(FileHandle file, uint uid, uint gid)
    {
        var call = Before("chown", file.Path, mutates: true);
        Check(Native.ChangeOwner(file.Descriptor, uid, gid), "chown", file.Path, call);
    }

    public void SetOwner(DirectoryHandle directory, uint uid, uint gid)
    {
        var call = Before("chown", directory.Path, mutates: true);
        Check(Native.ChangeOwner(directory.Descriptor, uid, gid), "chown", directory.Path, call);
    }

    /// <summary>Sets the owner of the entry itself: of a symlink, not of what it points at.</summary>
    public unsafe void SetOwner(DirectoryHandle directory, string name, uint uid, uint gid)
    {
        var target = directory.PathOf(name);
        var call = Before("chown", target, mutates: true);
        fixed (byte* entry = TerminatedName(name))
            Check(Native.ChangeOwnerAt(directory.Descriptor, entry, uid, gid, Native.AtSymlinkNoFollow), "chown", target, call);
    }

    /// <summary>Copies extended attributes and ACLs. What vouches for the old content (capabilities, signatures) is left behind.</summary>
    public void CopyAttributes(FileHandle from, FileHandle to)
    {
        var call = Before("copy-attributes", to.Path, mutates: true);
        foreach (var (name, value) in ReadAttributes(from.Descriptor, from.Path)) WriteAttribute(to.Descriptor, name, value, to.Path);
        After(call);
    }

    /// <summary>A folder's extended attributes and ACLs, to give them to one that takes its place.</summary>
    public IReadOnlyDictionary<string, byte[]> ReadAttributes(DirectoryHandle directory)
    {
        var call = Before("read-attributes", directory.Path, mutates: false);
        var attributes = ReadAttributes(directory.Descriptor, directory.Path);
        After(call);
        return attributes;
    }

    /// <summary>One extended attribute of a folder; null when it has none by that name.</summary>
    public byte[]? ReadAttribute(DirectoryHandle directory, string name)
    {
        var call = Before("read-attributes", directory.Path, mutates: false);
        var value = ReadAttribute(directory.Descriptor, name, directory.Path);
        After(call);
        return value;
    }

    /// <summary>A file's extended attributes and ACLs, but for what vouches for its content.</summary>
    public IReadOnlyDictionary<string, byte[]> ReadAttributes(FileHandle file)
    {
        var call = Before("read-attributes", file.Path, mutates: false);
        var attributes = ReadAttributes(file.Descriptor, file.Path);
        After(call);
        return attributes;
    }

    public void WriteAttributes(FileHandle file, IReadOnlyDictionary<string, byte[]> attributes)
    {
        if (attributes.Count == 0) return;
        var call = Before("copy-attributes", file.Path, mutates: true);
        foreach (var (name, value) in attributes) WriteAttribute(file.Descriptor, name, value, file.Path);
        After(call);
    }

    /// <summary>True when the user who runs this may add and remove entries.</summary>
    public unsafe bool MayChangeEntries(DirectoryHandle directory)
    {
        const int writeAndSearch = 3, effectiveIds = 0x200;
        var call = Before("access", directory.Path, mutates: false);
        int result;
        fixed (byte* name = Terminated(".")) result = Native.Access(directory.Descriptor, name, writeAndSearch, effectiveIds);
        After(call);
        return result == 0;
    }

    public void WriteAttributes(DirectoryHandle directory, IReadOnlyDictionary<string, byte[]> attributes)
    {
        if (attributes.Count == 0) return;
        var call = Before("copy-attributes", directory.Path, mutates: true);
        foreach (var (name, value) in attributes) WriteAttribute(directory.Descriptor, name, value, directory.Path);
        After(call);
    }

    /// <summary>Sets when the content was last modified; incremental builds believe it.</summary>
    public unsafe void SetModified(FileHandle file, DateTimeOffset time)
    {
        var call = Before("utimens", file.Path, mutates: true);
        var ticks = time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        const long omit = 0x3ffffffe;
        var times = stackalloc long[4] { 0, omit, seconds, rest * 100 };
        Check(Native.SetTimes(file.Descriptor, times), "utimens", file.Path, call);
    }

    /// <summary>Takes the advisory lock of an open file; false when another process, or another handle, holds it.</summary>
    public bool TryLock(FileHandle file, bool exclusive = true)
    {
        var call = Before("flock", file.Path, mutates: false);
        if (Native.Lock(file.Descriptor, (exclusive ? Native.LockExclusive : Native.LockShared) | Native.LockNonBlock) < 0)
        {
            if (Marshal.GetLastPInvokeError() is not (Errno.Again or Errno.Interrupted)) throw Failure("flock", file.Path);
            After(call);
            return false;
        }
        After(call);
        return true;
    }

    /// <summary>
    /// Takes a read lease: true means that no one has the file open for writing at this moment.
    /// The lease ends with the handle, or with <see cref="EndLease"/>.
    /// </summary>
    public bool TryReadLease(FileHandle file)
    {
        var call = Before("lease", file.Path, mutates: false);
        // Whoever wants to write breaks the lease, and the kernel then signals us: by default with SIGIO, which would kill the process.
        var leased = Native.Control(file.Descriptor, Native.SetSignal, Native.UrgentSignal) == 0
            && Native.Control(file.Descriptor, Native.SetLease, Native.LeaseRead) == 0;
        After(call);
        return leased;
    }

    public void EndLease(FileHandle file)
    {
        var call = Before("unlease", file.Path, mutates: false);
        Check(Native.Control(file.Descriptor, Native.SetLease, Native.LeaseNone), "unlease", file.Path, call);
    }

    private static unsafe Dictionary<string, byte[]> ReadAttributes(int descriptor, string path)
    {
        var attributes = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        var size = Native.ListAttributes(descriptor, null, 0);
        if (size < 0 && Marshal.GetLastPInvokeError() == Errno.NotSupported) return attributes;
        if (size < 0) throw Failure("listxattr", path);
        if (size == 0) return attributes;
        var names = new byte[size];
        fixed (byte* start = names)
            size = Native.ListAttributes(descriptor, start, names.Length);
        if (size < 0) throw Failure("listxattr", path);
        foreach (var name in Encoding.UTF8.GetString(names, 0, (int)size).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IsCopied(name) && ReadAttribute(descriptor, name, path) is { } value) attributes[name] = value;
        }
        return attributes;
    }

    private static unsafe byte[]? ReadAttribute(int descriptor, string name, string path)
    {
        fixed (byte* key = Terminated(name))
        {
            var length = Native.GetAttribute(descriptor, key, null, 0);
            var value = new byte[Math.Max(length, 0)];
            fixed (byte* start = value)
                length = length <= 0 ? length : Native.GetAttribute(descriptor, key, start, value.Length);
            if (length >= 0) return value;
            return Marshal.GetLastPInvokeError() is Errno.NoData or Errno.NotSupported ? null : throw Failure("getxattr", path);
        }
    }

    private static unsafe void WriteAttribute(int descriptor, string name, byte[] value, string path)
    {
        int result;
        fixed (byte* key = Terminated(name))
        fixed (byte* start = value)
            result = Native.SetAttribute(descriptor, key, start, value.Length, 0);
        // A security label may be the policy's to give, not ours: then the folder's own rule applies.
        if (result < 0 && !name.StartsWith("security.", StringComparison.Ordinal)) throw Failure("setxattr", path);
    }

    private static bool IsCopied(string name) =>
        name.StartsWith("user.", StringComparison.Ordinal)
        || name is "system.posix_acl_access" or "system.posix_acl_default" or "security.selinux" or "security.SMACK64";
}
