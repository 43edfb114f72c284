using System.Runtime.InteropServices;
using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>How much of a file system is used, by whomever.</summary>
/// <param name="Nodes">Files and folders; 0 where the file system doesn't count them.</param>
/// <param name="FreeBytes">What an ordinary user may still write.</param>
internal readonly unsafe partial record struct FileSystemRoom(long TotalBytes, long UsedBytes, long FreeBytes, long Nodes)
{
    /// <summary>Null when the place is gone, or not ours to look at.</summary>
    public static FileSystemRoom? Of(string folder)
    {
        Raw raw;
        fixed (byte* path = (byte[])[.. ByteText.Encode(folder), 0])
        {
            if (Read(path, &raw) != 0) return null;
        }
        return new(raw.Blocks * raw.FragmentSize, (raw.Blocks - raw.Free) * raw.FragmentSize, raw.Available * raw.FragmentSize, raw.Nodes - raw.FreeNodes);
    }

    [StructLayout(LayoutKind.Sequential, Size = 256)]
    private struct Raw
    {
        public long BlockSize;
        public long FragmentSize;
        public long Blocks;
        public long Free;
        public long Available;
        public long Nodes;
        public long FreeNodes;
    }

    [LibraryImport("libc", EntryPoint = "statvfs", SetLastError = true)]
    private static partial int Read(byte* path, Raw* raw);
}
