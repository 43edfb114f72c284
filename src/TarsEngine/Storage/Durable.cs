using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TarsEngine.Storage;

/// <summary>fsync with its errors: the runtime's own flush hides them.</summary>
internal static partial class Durable
{
    public static void Sync(SafeFileHandle file, string path)
    {
        if (fsync(file) != 0) throw Problem(path);
    }

    /// <summary>Makes the names in the folder that holds <paramref name="path"/> durable.</summary>
    public static void SyncFolderOf(string path)
    {
        var folder = Path.GetDirectoryName(path)!;
        using var handle = open(folder, CloseOnExec, 0);
        if (handle.IsInvalid || fsync(handle) != 0) throw Problem(folder);
    }

    private static IOException Problem(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new($"'{path}' could not be made durable: {Marshal.GetPInvokeErrorMessage(error)}.", error);
    }

    private const int CloseOnExec = 0x80000;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeFileHandle file);
}
