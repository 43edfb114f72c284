namespace TarsEngine.Files;

/// <summary>What a codebase may hold at a path. Folders exist through what they hold.</summary>
public enum EntryKind
{
    File,
    Symlink,
}

/// <summary>What stands at a path: its kind, permission bits, and content by hash.</summary>
/// <param name="Kind">A regular file or a symlink.</param>
/// <param name="Mode">The twelve permission bits; always 0777 for a symlink.</param>
/// <param name="Hash">Of the file's bytes, or of the link's target as bytes.</param>
/// <param name="Size">In bytes.</param>
public sealed record FileState(EntryKind Kind, int Mode, ContentHash Hash, long Size)
{
    public const int SymlinkMode = 0b111_111_111;

    public bool IsExecutable => Kind == EntryKind.File && (Mode & 0b001_000_000) != 0;
}
