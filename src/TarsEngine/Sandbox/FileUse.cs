using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>What one file takes of the disk.</summary>
/// <param name="Bytes">Allocated, so that a hole costs nothing.</param>
internal readonly record struct FileUse(ulong Device, ulong Inode, uint Links, long Bytes, long ChangedNs, bool IsFolder)
{
    private const uint BasicStats = 0x7ff;
    private const int KindMask = 0xF000, FolderKind = 0x4000, FileKind = 0x8000;

    /// <summary>Null when nothing stands at the name (any more).</summary>
    public static FileUse? Of(DirectoryHandle folder, string name) => Read(folder.Descriptor, name, Native.AtSymlinkNoFollow) is var (use, _) ? use : null;

    /// <summary>Of a descriptor's entry in /proc: what it leads to, where that is a regular file.</summary>
    public static FileUse? OfTarget(string path) => Read(Native.AtCurrent, path, 0) is var (use, kind) && kind == FileKind ? use : null;

    /// <summary>When the kernel made an open file just now, by the clock that it stamps change times with.</summary>
    public static long ChangedNsOf(int descriptor) => Read(descriptor, "", Native.AtEmptyPath)!.Value.Use.ChangedNs;

    private static unsafe (FileUse Use, int Kind)? Read(int directory, string name, int flags)
    {
        Native.StatX raw;
        fixed (byte* entry = (byte[])[.. ByteText.Encode(name), 0])
        {
            if (Native.Stat(directory, entry, flags, BasicStats, &raw) != 0) return null;
        }
        var kind = raw.Mode & KindMask;
        return (new(((ulong)raw.DeviceMajor << 32) | raw.DeviceMinor, raw.Inode, raw.Links, (long)raw.Blocks * 512,
            raw.ChangeSeconds * 1_000_000_000 + raw.ChangeNanoseconds, kind == FolderKind), kind);
    }
}
