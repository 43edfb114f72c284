using System.Runtime.InteropServices;

namespace TarsEngine.Sandbox;

/// <summary>The numbers of system calls on one architecture.</summary>
/// <param name="Architecture">The kernel's AUDIT_ARCH value.</param>
/// <param name="ForeignBit">A bit that marks another ABI's numbers; 0 where there is none.</param>
/// <param name="Denied">
/// mount umount2 pivot_root chroot · unshare setns · bpf perf_event_open userfaultfd · add_key request_key keyctl ·
/// io_uring_setup _enter _register · open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr open_tree_attr ·
/// kexec_load kexec_file_load init_module delete_module finit_module · swapon swapoff reboot acct quotactl quotactl_fd ·
/// open_by_handle_at fanotify_init · clock_settime settimeofday syslog · on x86 also iopl ioperm modify_ldt.
/// </param>
internal sealed record SystemCalls(uint Architecture, uint ForeignBit, uint CloneCall, uint Clone3, uint Ioctl, uint Socket, IReadOnlyList<uint> Denied)
{
    // From number 403 on all architectures agree.
    private static readonly uint[] shared = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442, 443, 467];

    private static readonly SystemCalls x64 = new(
        0xC000003E, 0x40000000, 56, 435, 16, 41,
        [165, 166, 155, 161, 272, 308, 321, 298, 323, 248, 249, 250, 246, 320, 175, 176, 313, 167, 168, 169, 163, 179, 304, 300, 227, 164, 103, 172, 173, 154, .. shared]);

    private static readonly SystemCalls arm64 = new(
        0xC00000B7, 0, 220, 435, 29, 198,
        [40, 39, 41, 51, 97, 268, 280, 241, 282, 217, 218, 219, 104, 294, 105, 106, 273, 224, 225, 142, 89, 60, 265, 262, 112, 170, 116, .. shared]);

    /// <exception cref="SandboxUnavailableException">The architecture is not known.</exception>
    public static SystemCalls Of(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => x64,
        System.Runtime.InteropServices.Architecture.Arm64 => arm64,
        _ => throw new SandboxUnavailableException($"there is no system-call filter for {architecture}.", "Run on x86-64 or arm64."),
    };
}
