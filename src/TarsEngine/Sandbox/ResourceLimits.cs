using System.Runtime.InteropServices;

namespace TarsEngine.Sandbox;

/// <summary>Limits that processes carry themselves and pass on: they need no control group.</summary>
internal static unsafe partial class ResourceLimits
{
    private const int FileSize = 1, CoreSize = 4, ProcessCount = 6;

    /// <summary>
    /// True where the kernel counts processes for each user namespace (5.14), so that only the sandbox's own count, and for
    /// users to whom it applies at all: not for root.
    /// </summary>
    public static bool LimitsProcesses { get; } = !Environment.IsPrivilegedProcess && Environment.OSVersion.Version >= new Version(5, 14);

    public static void Apply(int process, SandboxLimits limits)
    {
        if (LimitsProcesses) Set(process, ProcessCount, limits.Processes);
        Set(process, FileSize, limits.FileBytes);
        // One byte, not none: that also keeps a core handler of the host's from being started.
        Set(process, CoreSize, 1);
    }

    private static void Set(int process, int resource, long value)
    {
        var limit = stackalloc long[2] { value, value };
        // Fails only when the process is gone already, or a lower limit is inherited.
        _ = SetLimit(process, resource, limit, null);
    }

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int SetLimit(int process, int resource, long* set, long* old);
}
