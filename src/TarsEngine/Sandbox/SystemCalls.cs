using System.Globalization;
using System.Runtime.InteropServices;

namespace TarsEngine.Sandbox;

/// <summary>A system call that no build or test needs and that reaches past the namespaces, or into parts of the kernel where faults are found.</summary>
internal sealed record DeniedCall(string Name, uint Number);

/// <summary>The numbers of system calls on one architecture.</summary>
/// <param name="Architecture">The kernel's AUDIT_ARCH value.</param>
/// <param name="ForeignBit">A bit that marks another ABI's numbers; 0 where there is none.</param>
internal sealed record SystemCalls(
    uint Architecture, uint ForeignBit, uint CloneCall, uint Clone3, uint Ioctl, uint Socket, uint SocketPair, uint Personality, IReadOnlyList<DeniedCall> Denied)
{
    // Name, x86-64, arm64; '-' where the architecture has none. From number 403 on all agree.
    private const string Table = """
        mount 165 40
        umount2 166 39
        pivot_root 155 41
        chroot 161 51
        open_tree 428 428
        move_mount 429 429
        fsopen 430 430
        fsconfig 431 431
        fsmount 432 432
        fspick 433 433
        mount_setattr 442 442
        open_tree_attr 467 467
        unshare 272 97
        setns 308 268
        sethostname 170 161
        setdomainname 171 162
        add_key 248 217
        request_key 249 218
        keyctl 250 219
        bpf 321 280
        perf_event_open 298 241
        userfaultfd 323 282
        io_uring_setup 425 425
        io_uring_enter 426 426
        io_uring_register 427 427
        fanotify_init 300 262
        fanotify_mark 301 263
        open_by_handle_at 304 265
        quotactl 179 60
        quotactl_fd 443 443
        kexec_load 246 104
        kexec_file_load 320 294
        init_module 175 105
        finit_module 313 273
        delete_module 176 106
        create_module 174 -
        get_kernel_syms 177 -
        query_module 178 -
        swapon 167 224
        swapoff 168 225
        reboot 169 142
        acct 163 89
        syslog 103 116
        vhangup 153 58
        clock_settime 227 112
        settimeofday 164 170
        uselib 134 -
        sysfs 139 -
        _sysctl 156 -
        nfsservctl 180 42
        lookup_dcookie 212 18
        iopl 172 -
        ioperm 173 -
        modify_ldt 154 -
        """;

    private static readonly SystemCalls x64 = new(0xC000003E, 0x40000000, 56, 435, 16, 41, 53, 135, Read(column: 1));
    private static readonly SystemCalls arm64 = new(0xC00000B7, 0, 220, 435, 29, 198, 199, 92, Read(column: 2));

    /// <exception cref="SandboxUnavailableException">The architecture is not known.</exception>
    public static SystemCalls Of(Architecture architecture) => architecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => x64,
        System.Runtime.InteropServices.Architecture.Arm64 => arm64,
        _ => throw new SandboxUnavailableException($"there is no system-call filter for {architecture}.", "Run on x86-64 or arm64."),
    };

    private static List<DeniedCall> Read(int column) =>
        [.. Table.Split('\n').Select(line => line.Split(' ')).Where(parts => parts[column] != "-")
            .Select(parts => new DeniedCall(parts[0], uint.Parse(parts[column], CultureInfo.InvariantCulture)))];
}
