using System.Runtime.InteropServices;

namespace TarsEngine.Files;

// What every call shares: the observer, the name as bytes, the error as an exception.
public sealed partial class FileSystem
{
    private SeamCall Before(string operation, string target, bool mutates)
    {
        if (observer is null) return default;
        var call = new SeamCall(operation, ByteText.Display(target), mutates);
        observer.Before(call);
        return call;
    }

    private void After(SeamCall call) => observer?.After(call);

    private static FileSystemException Failure(string operation, string target) =>
        new(operation, ByteText.Display(target), Marshal.GetLastPInvokeError());

    private static FileSystemException NotRegular(string target) =>
        new("open", ByteText.Display(target), Errno.Invalid, "it is neither a regular file, a folder nor a symlink (a FIFO, socket or device?)");

    /// <summary>The bytes of a name or path, ended by NUL.</summary>
    private static byte[] Terminated(string name)
    {
        if (name.Contains('\0')) throw new ArgumentException("A file name can't hold NUL.", nameof(name));
        return ByteText.Encode(name, spare: 1);
    }

    private static byte[] TerminatedName(string name) =>
        name.Length == 0 || name is "." or ".." || name.Contains('/')
            ? throw new ArgumentException($"'{ByteText.Display(name)}' is not the name of an entry.", nameof(name))
            : Terminated(name);

    private static unsafe int OpenAt(DirectoryHandle directory, string name, int flags, uint mode, string target)
    {
        int descriptor;
        fixed (byte* entry = TerminatedName(name))
        {
            do descriptor = Native.OpenAt(directory.Descriptor, entry, flags | Native.NoFollow | Native.CloseOnExec, mode);
            while (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.Interrupted);
        }
        return descriptor >= 0 ? descriptor : throw Failure("open", target);
    }

    private static unsafe EntryInfo? ReadStat(int directory, string name, int flags, string target)
    {
        Native.StatX raw;
        int result;
        fixed (byte* entry = name.Length == 0 ? [0] : TerminatedName(name))
            result = Native.Stat(directory, entry, flags, BasicStats, &raw);
        if (result < 0)
        {
            if (Marshal.GetLastPInvokeError() == Errno.NotFound) return null;
            throw Failure("stat", target);
        }
        var kind = (raw.Mode & 0xF000) switch
        {
            0x8000 => NodeKind.File,
            0xA000 => NodeKind.Symlink,
            0x4000 => NodeKind.Directory,
            _ => NodeKind.Other,
        };
        return new(kind, raw.Mode & 0xFFF, raw.Uid, raw.Gid, ((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.Inode, raw.Links, (long)raw.Size,
            raw.ModifySeconds * 1_000_000_000 + raw.ModifyNanoseconds, raw.ChangeSeconds * 1_000_000_000 + raw.ChangeNanoseconds,
            (raw.Attributes & (ImmutableAttribute | AppendAttribute)) != 0)
        {
            IsWhiteout = (raw.Mode & 0xF000) == 0x2000 && raw is { SpecialMajor: 0, SpecialMinor: 0 },
        };
    }

    private void Check(int result, string operation, string target, SeamCall call)
    {
        if (result < 0) throw Failure(operation, target);
        After(call);
    }
}
