using TarsEngine.Processes;

namespace TarsEngine.Sandbox;

/// <summary>
/// Where root runs the sandbox, root's device nodes are its own too, and it could change their mode for the whole host. bubblewrap
/// can't bind a device read-only, but what it binds keeps the flags of where it came from: so what starts it sees /dev read-only.
/// </summary>
internal static class ReadOnlyDevices
{
    public static bool AreNeeded { get; } = Environment.IsPrivilegedProcess;

    public static void Mount() => MountNamespace.MakeReadOnly("/dev");
}
