namespace TarsEngine.Sandbox;

/// <summary>
/// Looks for ways out, once per start, with the shell's own means, in about the time of one spawn. It first only looks: where
/// nothing confines it, as root on a host, an attempt would do harm. It attempts only what can no longer reach the host.
/// The last line proves that the whole script ran; without it the sandbox counts as broken.
/// </summary>
internal static class SandboxSelfTest
{
    /// <param name="canary">A host file that must not be visible.</param>
    /// <param name="folder">A host folder in which nothing may be written.</param>
    /// <param name="token">Its last line.</param>
    public static IReadOnlyList<string> Command(string canary, string folder, string token) => ["/bin/sh", "-c", Script, "sh", canary, folder, token];

    private const string Script = """
        escaped=
        out() { echo "escaped: $1"; escaped=1; }
        [ ! -e "$1" ] || out "the host's folder $1 is visible"
        for folder in "$2" / /usr /etc /bin /pkgs; do
            [ ! -w "$folder" ] || out "$folder can be written"
        done
        while read -r key value rest; do
            case "$key" in
                CapEff:|CapPrm:|CapBnd:|CapInh:|CapAmb:) case "$value" in *[!0]*) out "capabilities are left ($key $value)";; esac;;
                NoNewPrivs:) [ "$value" = 1 ] || out "programs can gain privileges";;
                Seccomp:) [ "$value" = 2 ] || out "system calls are not filtered";;
            esac
        done < /proc/self/status
        while read -r interface rest; do
            case "$interface" in lo:*|Inter-*|face) ;; *) out "the network interface $interface is visible";; esac
        done < /proc/net/dev
        while read -r key rest; do
            case "$key" in Num) ;; *) out "sockets of the host are visible"; break;; esac
        done < /proc/net/unix
        for process in /proc/[0-9]*; do
            [ "${process#/proc/}" -lt 100 ] || { out "processes of the host are visible"; break; }
        done
        for socket in /run/* /var/run/*; do
            [ ! -e "$socket" ] || { out "$socket is visible"; break; }
        done
        [ -z "$escaped" ] || exit 1
        for tool in /usr/bin/mount /bin/mount; do
            if [ -x "$tool" ]; then
                "$tool" -o remount,bind,rw /usr 2>/dev/null && out "/usr can be mounted writable"
                mkdir /tmp/mounted
                "$tool" -t tmpfs none /tmp/mounted 2>/dev/null && out "file systems can be mounted"
                break
            fi
        done
        if [ -x /usr/bin/unshare ]; then
            /usr/bin/unshare -Ur /bin/true 2>/dev/null && out "user namespaces can be nested"
        fi
        echo "$3"
        """;
}
