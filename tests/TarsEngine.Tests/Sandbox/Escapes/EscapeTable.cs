using System.Globalization;
using System.Runtime.InteropServices;
using TarsEngine.Sandbox;

namespace TarsEngine.Tests.Sandbox.Escapes;

/// <summary>The ways out, one row each. Variables are those that <see cref="EscapeWorld"/> gives.</summary>
internal static class EscapeTable
{
    private static readonly bool isX64 = RuntimeInformation.OSArchitecture == Architecture.X64;

    private static readonly Probe[] shells =
    [
        // Files of the host.
        Sh("file", "cat $OUTSIDE/secret"),
        Sh("folder", "ls -A $OUTSIDE | grep -q ."),
        Sh("file-by-dots", "cat ../../../../../../../../$OUTSIDE/secret"),
        Sh("file-by-symlink", "ln -sf $OUTSIDE/secret l1 && cat l1"),
        Sh("file-by-folder-symlink", "ln -sfn $OUTSIDE l2 && echo x > l2/by-symlink"),
        Sh("file-by-hardlink", "ln -f $OUTSIDE/secret h1"),
        Sh("file-by-swapped-folder", "mkdir -p s1 && mv s1 s1-was && ln -sfn $OUTSIDE s1 && cat s1/secret; result=$?; rm -rf s1 s1-was; exit $result"),
        Sh("file-written", "echo x > $OUTSIDE/written"),
        Sh("file-appended", "echo x >> $OUTSIDE/changed"),
        Sh("file-removed", "rm $OUTSIDE/removable && echo x > $OUTSIDE/removable"),
        Sh("file-moved-in", "mv $OUTSIDE/movable m1 && mv m1 $OUTSIDE/movable"),
        Sh("file-mode", "chmod 600 $OUTSIDE/changed"),
        Sh("file-times", "touch $OUTSIDE/changed && [ -e $OUTSIDE/changed ]"),
        Sh("file-made-setuid", "cp /bin/true $OUTSIDE/setuid && chmod 4755 $OUTSIDE/setuid"),
        Sh("key-of-the-user", "cat $HOSTHOME/.ssh/id_ed25519"),
        Sh("credentials-of-cargo", "cat $HOSTHOME/.cargo/credentials.toml"),
        Sh("npmrc", "cat $HOSTHOME/.npmrc"),
        Sh("codebase", "ls -A $CODEBASE | grep -q ."),
        Sh("git-hook", "echo x > $CODEBASE/.git/hooks/pre-commit"),
        Sh("git-config", "echo x >> $CODEBASE/.git/config"),
        Sh("state", "ls -A $STATE | grep -q ."),
        Sh("state-database", "echo x >> $STATE/state.db"),
        Sh("packages-written", "echo x > $PACKAGES/written || echo x > /pkgs/written"),
        Sh("shared-tmp", "[ -e /tmp/$TMPNAME ]"),
        Sh("shared-memory-file", "[ -e $SHARED ]"),
        Sh("root-folder-written", "[ -w / ]", Control.Root),
        Sh("usr-written", "[ -w /usr ] && [ -w /usr/bin ]", Control.Root),
        Sh("etc-written", "[ -w /etc ]", Control.Root),
        Sh("preload-for-all", "[ -w /etc/ld.so.preload ] || { [ ! -e /etc/ld.so.preload ] && [ -w /etc ]; }", Control.Root),
        Sh("passwords", "cat /etc/shadow", Control.Root),
        Sh("users-of-the-host", "[ $(wc -l < /etc/passwd) -gt 5 ]"),
        Sh("variables-of-the-caller", "env | grep -q \"$SECRETNAME\"=hidden"),
        Sh("services", "ls -A /run | grep -q ."),
        // /proc and /sys.
        Sh("proc-of-host", "[ -e /proc/$HOSTPID/comm ]"),
        Sh("proc-root", "cat /proc/$HOSTPID/root$OUTSIDE/secret"),
        Sh("program-of-init", "chmod $(stat -L -c %a /proc/$INIT/exe) /proc/$INIT/exe", Control.Root),
        Sh("times-of-init", "touch -c -r /proc/$INIT/exe /proc/$INIT/exe && [ -e /proc/$INIT/exe ]", Control.Root),
        Sh("mode-of-devices", "chmod 666 /dev/null", Control.Root),
        Sh("mode-of-any-device", "for d in null zero full random urandom tty; do chmod 666 /dev/$d && exit 0; done; exit 1", Control.Root),
        Sh("proc-any-root", "for p in /proc/[0-9]*; do cat $p/root$OUTSIDE/secret && exit 0; done; exit 1"),
        Sh("proc-cwd", "ls /proc/$HOSTPID/cwd/"),
        Sh("proc-descriptors", "ls /proc/$HOSTPID/fd/0"),
        Sh("proc-environment", "cat /proc/$HOSTPID/environ"),
        Sh("proc-command-line", "cat /proc/$HOSTPID/cmdline"),
        Sh("proc-maps", "head -c 1 /proc/$HOSTPID/maps"),
        Sh("core-pattern", "[ -w /proc/sys/kernel/core_pattern ] && : >> /proc/sys/kernel/core_pattern", Control.Root),
        Sh("kernel-settings", "[ -w /proc/sys/kernel/panic ] && : >> /proc/sys/kernel/panic", Control.Root),
        Sh("any-kernel-file", "find /proc -maxdepth 1 -type f -writable -not -name pressure | grep -q . || find /proc/sys /proc/irq -type f -writable | grep -q .", Control.Root),
        Sh("kernel-log", "[ -e /dev/kmsg ]"),
        Sh("sysfs", "ls -A /sys | grep -q ."),
        Sh("control-groups", "ls -A /sys/fs/cgroup | grep -q ."),
        Sh("sockets-listed", "grep -q \"$ABSTRACT\" /proc/net/unix"),
        Sh("interfaces", "grep -v -e lo: -e '|' /proc/net/dev | grep -q :"),
        Sh("routes", "[ $(wc -l < /proc/net/route) -gt 1 ]"),
        Sh("resolver", "[ -s /etc/resolv.conf ]"),
        Sh("host-name", "[ \"$(uname -n)\" = \"$HOSTNAME\" ]"),
        // Devices and privileges.
        Sh("block-devices", "find /dev -type b | grep -q ."),
        Sh("devices", "[ -e /dev/loop-control ] || [ -e /dev/kvm ] || [ -e /dev/fuse ] || [ -e /dev/mem ]"),
        Sh("device-made", "rm -f d1; mknod d1 c 1 3 && rm d1", Control.Root),
        Sh("block-device-made", "rm -f d2; mknod d2 b 7 0 && rm d2", Control.Root),
        Sh("owner-changed", "touch o1 && chown 12345:12345 o1; result=$?; rm -f o1; exit $result", Control.Root),
        Sh("mount", "mkdir -p m2 && mount -t tmpfs none m2", Control.Namespaces),
        Sh("mount-bind", "mkdir -p m3 && mount --bind /usr m3", Control.Namespaces),
        Sh("mount-proc", "mkdir -p m4 && mount -t proc none m4", Control.Namespaces),
        Sh("mount-overlay", "mkdir -p l u w m5 && mount -t overlay o -o lowerdir=l,upperdir=u,workdir=w,userxattr m5", Control.Namespaces),
        Sh("remount", "mkdir -p m6 && mount --bind m6 m6 && mount -o remount,bind,ro m6 && mount -o remount,bind,rw m6", Control.Namespaces),
        Sh("umount", "umount -l /proc && mount -t proc none /proc", Control.Namespaces),
        Sh("chroot", "chroot / /bin/true", Control.Namespaces),
        Sh("host-name-set", "echo escaped > /proc/sys/kernel/hostname", Control.Namespaces),
        Sh("nested-user-namespace", "unshare -Ur true", Control.Namespaces),
        Sh("nested-mount-namespace", "unshare -m true", Control.Namespaces),
        Sh("nested-network-namespace", "unshare -n true", Control.Namespaces),
        Sh("nested-pid-namespace", "unshare -pf true", Control.Namespaces),
        Sh("nested-ipc-namespace", "unshare -i true", Control.Namespaces),
        Sh("nested-cgroup-namespace", "unshare -C true", Control.Namespaces),
        Sh("nested-time-namespace", "unshare -T true", Control.Namespaces),
    ];

    private static readonly Probe[] functions =
    [
        C("tcp"), C("udp"), C("unix"), C("abstract"), C("descriptor-by-socket"), C("raw-socket", Control.Root),
        C("shm"), C("msg"), C("sem"), C("mq"), C("ptrace"), C("memory"), C("pidfd"), C("signal"), C("signal-group"), C("priority-of-host"),
        C("affinity-of-host"), C("limit-of-host"), C("namespace-of-host"), C("memory-of-host"), C("program-of-host"), C("descriptors"),
        C("input"), C("input-high-bits"), C("capability", Control.Root), C("new-privileges"), C("unfiltered"),
        C("become-root", Control.Root), C("become-other", Control.Root), C("groups", Control.Root), C("limit", Control.Root), C("priority", Control.Root),
        C("realtime", Control.Root), C("pages-executable"),
        .. isX64 ? [C("32-bit")] : Array.Empty<Probe>(),
        C("memory-program") with { IsAllowed = true }, C("trace-child") with { IsAllowed = true }, C("loopback") with { IsAllowed = true },
    ];

    // Arguments that can do no harm wherever the call is let through: most fail in the kernel's first look at them.
    private static readonly Dictionary<string, string> arguments = new(StringComparer.Ordinal)
    {
        ["mount"] = "1 1 1 0 1", ["umount2"] = "1 0x100000", ["pivot_root"] = "1 1", ["chroot"] = "1", ["open_tree"] = "-1 1 0xFFFF0000", ["move_mount"] = "-1 1 -1 1 0x80000000",
        ["fsopen"] = "1 0x80", ["fsconfig"] = "-1 99 0 0 0", ["fsmount"] = "-1 0x80 0", ["fspick"] = "-1 1 0x80000000", ["mount_setattr"] = "-1 1 0x80000000 0 0",
        ["open_tree_attr"] = "-1 1 0x80000000 0 8", ["unshare"] = "1", ["setns"] = "-1 0", ["sethostname"] = "1 -1", ["setdomainname"] = "1 -1",
        ["add_key"] = "1 1 0 0 -3", ["request_key"] = "1 1 1 0", ["keyctl"] = "9999", ["bpf"] = "0 1 0x100000", ["perf_event_open"] = "1 0 -1 -1 0x80000000",
        ["userfaultfd"] = "0x40000001", ["io_uring_setup"] = "1 1", ["io_uring_enter"] = "-1 0 0 0x80000000 0", ["io_uring_register"] = "-1 9999 0 0",
        ["fanotify_init"] = "0x80000200 0", ["fanotify_mark"] = "-1 1 0x100000000 -1 1", ["open_by_handle_at"] = "-1 1 0", ["quotactl"] = "0xff 1 0 0", ["quotactl_fd"] = "-1 0xff 0 0",
        ["kexec_load"] = "0 999 0 0xffff", ["kexec_file_load"] = "-1 -1 0 0 0xffff", ["init_module"] = "1 0 1", ["finit_module"] = "-1 1 0xffff", ["delete_module"] = "1 0",
        ["create_module"] = "1 0", ["get_kernel_syms"] = "1", ["query_module"] = "1 99 0 0 0", ["swapon"] = "1 0x80000000", ["swapoff"] = "1", ["reboot"] = "0 0 0 0", ["acct"] = "1",
        ["syslog"] = "99 0 0", ["vhangup"] = "", ["clock_settime"] = "9999 1", ["settimeofday"] = "1 0", ["uselib"] = "1", ["sysfs"] = "9 0 0", ["_sysctl"] = "1",
        ["nfsservctl"] = "99 0 0", ["lookup_dcookie"] = "0 1 0", ["iopl"] = "9", ["ioperm"] = "-1 1 1", ["modify_ldt"] = "9 0 0",
    };

    // What the kernel allows nobody but root before it looks at the arguments: an ordinary user's control proves nothing.
    private static readonly string[] rootsCalls =
        ["pivot_root", "move_mount", "fsopen", "fsmount", "fspick", "sethostname", "setdomainname", "kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module", "swapoff", "reboot", "acct", "syslog", "vhangup", "open_by_handle_at"];

    public static IReadOnlyList<Probe> All { get; } = [.. shells, .. functions, .. Calls()];

    /// <summary>The probes of one rule of the filter, by its name.</summary>
    public static IEnumerable<Probe> OfRule(string rule) => All.Where(probe => probe.Name == "call-" + rule || probe.Name.StartsWith($"call-{rule}:", StringComparison.Ordinal));

    private static IEnumerable<Probe> Calls()
    {
        var calls = SystemCalls.Of(RuntimeInformation.OSArchitecture);
        foreach (var call in calls.Denied) yield return Call(call.Name, call.Number, 1, arguments[call.Name], rootsCalls.Contains(call.Name) ? Control.Root : Control.Host);
        yield return Call(SeccompFilter.Clone3, calls.Clone3, 38, "0 0");
        // A new user namespace that shares its file-system state is refused by the kernel itself, with another error.
        yield return Call(SeccompFilter.Clone, calls.CloneCall, 1, "0x10000200 0 0 0 0");
        foreach (var (name, request) in new[] { ("TIOCSTI", 0x5412L), ("TIOCLINUX", 0x541C), ("TIOCSETD", 0x5423), ("TIOCSTI-high", 0x1_0000_5412) })
            yield return Call($"{SeccompFilter.Ioctl}:{name}", calls.Ioctl, 1, string.Create(CultureInfo.InvariantCulture, $"-1 {request} 0"));
        foreach (var (name, errno, family) in new[] { ("packet", 97, "17 3 0"), ("vsock", 97, "40 1 0"), ("raw", 93, "2 3 255"), ("netlink-audit", 93, "16 3 9"), ("netlink-uevent", 93, "16 3 15") })
            yield return Call($"{SeccompFilter.Socket}:{name}", calls.Socket, errno, family);
        yield return Call(SeccompFilter.SocketPair, calls.SocketPair, 97, "2 1 0 1");
        yield return Call(SeccompFilter.Personality, calls.Personality, 1, "0x400000");
    }

    private static Probe Call(string name, uint number, int refused, string rest, Control control = Control.Host) =>
        new("call-" + name, "call", string.Create(CultureInfo.InvariantCulture, $"{number} {refused} {rest}").TrimEnd(), control);

    private static Probe Sh(string name, string line, Control control = Control.Host) => new(name, "sh", line, control);

    private static Probe C(string name, Control control = Control.Host) => new(name, "c", name, control);
}
