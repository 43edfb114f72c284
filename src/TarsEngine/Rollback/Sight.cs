using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>Looks at a name while others may be changing it.</summary>
internal static class Sight
{
    private const int Tries = 10;

    /// <summary>What stands at a name; folders and special files are told as existing, without a state.</summary>
    public static Seen Look(this FileSystem files, DirectoryHandle? folder, string name)
    {
        if (folder is null) return Seen.Absent;
        for (var tried = 1; ; tried++)
        {
            switch (files.Stat(folder, name))
            {
                case null: return Seen.Absent;
                case { Kind: NodeKind.Directory or NodeKind.Other }: return new(true, null);
                default:
                    try
                    {
                        if (files.Capture(folder, name) is { } state) return new(true, state);
                    }
                    catch (FileSystemException error) when (error.Error is Errno.NotFound or Errno.Loop or Errno.Invalid && tried < Tries)
                    {
                        // It became something else between the two calls: look again.
                    }
                    break;
            }
        }
    }
}
