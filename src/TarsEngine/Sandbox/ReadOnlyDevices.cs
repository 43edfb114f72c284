using System.Runtime.InteropServices;

namespace TarsEngine.Sandbox;

/// <summary>
/// Where root runs the sandbox, root's device nodes are its own too, and it could change their mode for the whole host. bubblewrap
/// can't bind a device read-only, but what it binds keeps the flags of where it came from: so the thread that starts it sees /dev read-only.
/// </summary>
internal static unsafe partial class ReadOnlyDevices
{
    private const int NewMounts = 0x20000;
    private const ulong Bind = 4096, Remount = 32, ReadOnly = 1, Recursive = 16384, Private = 1 << 18, NoSuid = 2;

    public static bool AreNeeded { get; } = Environment.IsPrivilegedProcess;

    /// <summary>For the calling thread and what it starts; the thread must be its own and end with what it started.</summary>
    /// <exception cref="SandboxUnavailableException">Root without the right to mount.</exception>
    public static void Enter()
    {
        Must(Unshare(NewMounts));
        // Nothing of this may be seen by the host.
        Must(Mount(null, "/", null, Recursive | Private, null));
        Must(Mount("/dev", "/dev", null, Bind, null));
        Must(Mount(null, "/dev", null, Remount | Bind | ReadOnly | NoSuid, null));
    }

    private static void Must(int result)
    {
        if (result == 0) return;
        throw new SandboxUnavailableException(
            $"root runs it without the right to mount ({Marshal.GetLastPInvokeErrorMessage()}), and the host's device nodes could be changed from inside.",
            "Run it as an ordinary user, or give the container the capability SYS_ADMIN.");
    }

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string? source, string target, string? type, ulong flags, string? data);
}
