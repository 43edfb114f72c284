namespace TarsEngine.Files;

/// <summary>What a directory entry is, symlinks not followed.</summary>
public enum NodeKind
{
    File,
    Symlink,
    Directory,

    /// <summary>A FIFO, socket or device.</summary>
    Other,
}

/// <summary>The metadata of one directory entry, symlinks not followed.</summary>
/// <param name="Mode">The twelve permission bits.</param>
/// <param name="IsImmutable">The file system's own 'immutable' or 'append only' flag.</param>
public sealed record EntryInfo(
    NodeKind Kind, int Mode, uint Uid, uint Gid, ulong Device, ulong Inode, uint Links, long Size, long MtimeNs, long CtimeNs, bool IsImmutable)
{
    /// <summary>The mark by which an overlay hides what lies below it: a character device with the number 0:0.</summary>
    public bool IsWhiteout { get; init; }

    /// <summary>True when both are one and the same inode.</summary>
    public bool IsSameNode(EntryInfo other) => Device == other.Device && Inode == other.Inode;
}
