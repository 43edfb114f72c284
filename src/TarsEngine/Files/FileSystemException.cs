using System.Runtime.InteropServices;

namespace TarsEngine.Files;

/// <summary>A call to the disk failed. <see cref="Exception.HResult"/> is the errno; the message says what was done, to which path, why it failed and how to go on.</summary>
public sealed class FileSystemException : IOException
{
    public FileSystemException(string operation, string target, int errno, string? explanation = null)
        : base(Compose(operation, target, errno, explanation))
    {
        (Operation, Target, HResult) = (operation, target, errno);
    }

    /// <summary>The call, such as 'openat2' or 'rename-exchange'.</summary>
    public string Operation { get; }

    /// <summary>The path that it was for, escaped for people.</summary>
    public string Target { get; }

    public int Error => HResult;

    private static string Compose(string operation, string target, int errno, string? explanation)
    {
        var reason = explanation ?? Marshal.GetPInvokeErrorMessage(errno);
        return $"{operation} failed for '{target}': {reason} (errno {errno}).{Remedy(errno)}";
    }

    private static string Remedy(int errno) => errno switch
    {
        Errno.NoSpace => " The disk is full, or out of inodes: free some space, then try again.",
        Errno.Quota => " The disk quota is used up: free some space, then try again.",
        Errno.AccessDenied => " The user who runs this may not do that: mend the permissions, or run as the owner.",
        Errno.PermissionDenied => " The file may be immutable (lsattr shows it) or belong to another user: mend that, then try again.",
        Errno.ReadOnly => " The file system is mounted read-only: mount it writable, then try again.",
        Errno.InputOutput => " The disk reports a fault: look at the system's log (dmesg) before trying again.",
        Errno.Loop => " A symlink stands where a folder is expected: what lies behind it is not part of the codebase.",
        Errno.CrossDevice => " The path leaves the codebase's file system (a mount point or a way out): it can't be part of a change.",
        Errno.NoSystemCall => " The kernel lacks this call (Linux 5.6 or newer is needed), or a container filter forbids it.",
        _ => "",
    };
}
