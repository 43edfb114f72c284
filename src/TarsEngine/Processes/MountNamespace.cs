using System.Runtime.InteropServices;
using TarsEngine.Files;

namespace TarsEngine.Processes;

/// <summary>
/// Mounts that a thread and what it starts see alone, and that are gone with the last of them. Root's only; the thread must be its own
/// and end with what it started.
/// </summary>
internal static unsafe partial class MountNamespace
{
    private const int NewMounts = 0x20000;
    private const ulong BindMount = 4096, Remount = 32, ReadOnly = 1, Recursive = 16384, Private = 1 << 18, NoSuid = 2;

    /// <exception cref="MountException">No right to mount.</exception>
    public static void Enter()
    {
        Must(Unshare(NewMounts), "/");
        // Nothing of this may be seen by the host.
        Must(Mount(null, "/", null, Recursive | Private, null), "/");
    }

    /// <summary>Shows what lies at a folder read-only.</summary>
    public static void MakeReadOnly(string folder)
    {
        Must(Mount(folder, folder, null, BindMount, null), folder);
        Must(Mount(null, folder, null, Remount | BindMount | ReadOnly | NoSuid, null), folder);
    }

    /// <param name="folder">What the options and the target are relative to; the thread stays there.</param>
    public static void MountOverlay(string folder, string options, string target)
    {
        fixed (byte* path = ByteText.Encode(folder, spare: 1)) Must(ChangeFolder(path), folder);
        Must(Mount("tars", target, "overlay", 0, options), target);
    }

    private static void Must(int result, string target)
    {
        if (result != 0) throw new MountException(target, Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "chdir", SetLastError = true)]
    private static partial int ChangeFolder(byte* folder);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string? source, string target, string? type, ulong flags, string? data);
}

/// <summary>A mount for a child alone could not be made; the child did not start.</summary>
internal sealed class MountException(string target, string reason) : IOException($"'{ByteText.Display(target)}' can't be mounted: {reason}.")
{
    public string Target { get; } = target;

    public string Reason { get; } = reason;
}
