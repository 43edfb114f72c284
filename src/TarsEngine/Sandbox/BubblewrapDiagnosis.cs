using TarsEngine.Processes;

namespace TarsEngine.Sandbox;

/// <summary>Why bubblewrap does not work on this host, and what to type.</summary>
internal static class BubblewrapDiagnosis
{
    private const string AppArmorSwitch = "/proc/sys/kernel/apparmor_restrict_unprivileged_userns";
    private const string CloneSwitch = "/proc/sys/kernel/unprivileged_userns_clone";
    private const string CountSwitch = "/proc/sys/user/max_user_namespaces";

    public static SandboxUnavailableException Missing() => new(
        "bubblewrap (bwrap) is not installed.",
        $"Install it: {InstallCommand("bubblewrap")}");

    public static SandboxUnavailableException NotLinux() => new(
        "this system isn't Linux, and there is no sandbox for it yet.",
        "Run it on Linux, or in a Linux virtual machine.");

    /// <summary>Root could not make the mounts that its sandbox stands on.</summary>
    public static SandboxUnavailableException NoMount(MountException failure) => new(
        $"root can't make the mounts that its sandbox stands on: {failure.Message} Without them the host's device nodes could be changed from inside.",
        "Run it as an ordinary user, or give the container the capability SYS_ADMIN.");

    /// <summary>Reads what bubblewrap said, and the kernel's switches.</summary>
    public static SandboxUnavailableException Explain(string message, Func<string, string?> readSwitch)
    {
        message = message.Trim();
        var said = message.Length == 0 ? "bubblewrap could not set it up and said nothing." : $"bubblewrap could not set it up: {message}.";
        if (message.Contains("execvp", StringComparison.Ordinal))
            return new($"{said} There is no shell where it is expected.", "Install a POSIX shell as /bin/sh.");
        if (readSwitch(AppArmorSwitch) == "1" && !message.Contains("proc", StringComparison.Ordinal))
        {
            return new(
                $"{said} AppArmor restricts unprivileged user namespaces here ({AppArmorSwitch} is 1).",
                "Give bwrap a profile that allows them: create /etc/apparmor.d/bwrap with 'abi <abi/4.0>, include <tunables/global> profile bwrap /usr/bin/bwrap flags=(unconfined) { userns, }' and run: sudo apparmor_parser -r /etc/apparmor.d/bwrap");
        }
        if (readSwitch(CloneSwitch) == "0")
            return new($"{said} The kernel forbids unprivileged user namespaces ({CloneSwitch} is 0).", "Allow them: sudo sysctl -w kernel.unprivileged_userns_clone=1");
        if (readSwitch(CountSwitch) == "0")
            return new($"{said} The kernel allows no user namespaces ({CountSwitch} is 0).", "Allow them: sudo sysctl -w user.max_user_namespaces=10000");
        if (message.Contains("proc", StringComparison.Ordinal) && message.Contains("ount", StringComparison.Ordinal))
            return new($"{said} A container around us masks /proc.", "Start the container with --security-opt systempaths=unconfined (and --security-opt seccomp=unconfined), or run outside of it.");
        return message.Contains("not permitted", StringComparison.Ordinal) || message.Contains("Permission denied", StringComparison.Ordinal)
            ? new($"{said} Something around us (a container's seccomp filter, SELinux) forbids namespaces.", "In a container, start it with --security-opt seccomp=unconfined; else ask whoever set the policy to allow bwrap.")
            : new(said, "Run 'bwrap --unshare-user --unshare-net --ro-bind / / true' to see it by itself.");
    }

    public static string? ReadSwitch(string path) => File.Exists(path) ? File.ReadAllText(path).Trim() : null;

    public static string InstallCommand(string package)
    {
        foreach (var (program, command) in new[]
                 {
                     ("apt-get", "apt-get install -y"), ("dnf", "dnf install -y"), ("zypper", "zypper --non-interactive install"),
                     ("pacman", "pacman -S --noconfirm"), ("apk", "apk add"),
                 })
        {
            if (File.Exists("/usr/bin/" + program) || File.Exists("/sbin/" + program)) return $"sudo {command} {package}";
        }
        return $"install the package '{package}' with your distribution's package manager";
    }
}
