using System.Runtime.InteropServices;

namespace TarsEngine.Sandbox;

/// <summary>
/// The system-call filter. The network is closed by its namespace, not here: AF_INET and AF_UNIX stay, or .NET's test host
/// and multi-node builds die. ptrace and process_vm_readv stay, for hang dumps and debuggers: they reach no further than the
/// PID namespace.
/// </summary>
internal static class SeccompFilter
{
    /// <summary>The rules that look at more than a call's number; every denied call is a rule of its own name.</summary>
    public const string Architecture = "architecture", ForeignNumbers = "foreign-numbers", Clone3 = "clone3", Clone = "clone", Ioctl = "ioctl",
        Socket = "socket", SocketPair = "socketpair", Personality = "personality";

    private const uint NotPermitted = 1, NoSystemCall = 38, NoProtocol = 93, NoAddressFamily = 97;

    // Of clone(2)'s flags: new mount, cgroup, UTS, IPC, user, PID and network namespaces.
    private const uint NewNamespaces = 0x7E020000;

    private const uint InjectInput = 0x5412, LinuxConsole = 0x541C, LineDiscipline = 0x5423; // TIOCSTI, TIOCLINUX, TIOCSETD
    private const uint Unix = 1, Inet = 2, Inet6 = 10, Netlink = 16, NetlinkRoute = 0;

    // None given, ICMP, TCP, UDP, ICMPv6, MPTCP (Go's listeners ask for it). Others make the kernel load modules.
    private static readonly uint[] protocols = [0, 1, 6, 17, 58, 262];

    // Linux, 32-bit, uname 2.6, both, without address randomisation (debuggers), and the question which one it is.
    private static readonly uint[] personalities = [0, 8, 0x20000, 0x20008, 0x40000, 0xFFFFFFFF];

    /// <summary>The filter for the machine that this runs on.</summary>
    /// <param name="without">Rules to leave out: tests prove with it that each one holds something.</param>
    public static byte[] Build(IReadOnlySet<string>? without = null) => Build(SystemCalls.Of(RuntimeInformation.OSArchitecture), without ?? new HashSet<string>(StringComparer.Ordinal));

    internal static byte[] Build(SystemCalls calls, IReadOnlySet<string> without)
    {
        var program = new FilterProgram();
        if (Has(Architecture)) program.RequireArchitecture(calls.Architecture);
        program.LoadNumber();
        // x32 shares x86-64's architecture and differs by this bit.
        if (calls.ForeignBit != 0 && Has(ForeignNumbers)) program.RefuseNumbersWithBit(calls.ForeignBit, NoSystemCall);
        // Its flags lie in memory, where a filter can't look; the C library falls back to clone.
        if (Has(Clone3)) program.RefuseNumber(calls.Clone3, NoSystemCall);
        foreach (var call in calls.Denied.Where(call => Has(call.Name))) program.RefuseNumber(call.Number, NotPermitted);
        if (Has(Clone)) program.Inspect(calls.CloneCall, InspectClone);
        if (Has(Ioctl)) program.Inspect(calls.Ioctl, InspectIoctl);
        if (Has(Socket)) program.Inspect(calls.Socket, InspectSocket);
        if (Has(SocketPair)) program.Inspect(calls.SocketPair, InspectSocketPair);
        if (Has(Personality)) program.Inspect(calls.Personality, InspectPersonality);
        return program.Encode();

        bool Has(string rule) => !without.Contains(rule);
    }

    private static void InspectClone(FilterProgram.Block block)
    {
        block.Argument(0);
        block.IfAnyBit(NewNamespaces, FilterProgram.Errno(NotPermitted));
    }

    private static void InspectIoctl(FilterProgram.Block block)
    {
        block.Argument(1);
        foreach (var request in (uint[])[InjectInput, LinuxConsole, LineDiscipline]) block.IfEquals(request, FilterProgram.Errno(NotPermitted));
    }

    private static void InspectSocket(FilterProgram.Block block)
    {
        block.Argument(0);
        block.IfEquals(Unix, FilterProgram.Allow);
        block.WhereOneOf([Inet, Inet6], inet =>
        {
            inet.Argument(2);
            inet.WhereOneOf(protocols, usual => usual.Return(FilterProgram.Allow));
            inet.Return(FilterProgram.Errno(NoProtocol));
        });
        // To list interfaces and addresses, of which there is loopback alone. No audit, uevent, netfilter, crypto…
        block.WhereOneOf([Netlink], netlink =>
        {
            netlink.Argument(2);
            netlink.IfEquals(NetlinkRoute, FilterProgram.Allow);
            netlink.Return(FilterProgram.Errno(NoProtocol));
        });
        block.Return(FilterProgram.Errno(NoAddressFamily));
    }

    private static void InspectSocketPair(FilterProgram.Block block)
    {
        block.Argument(0);
        block.IfEquals(Unix, FilterProgram.Allow);
        block.Return(FilterProgram.Errno(NoAddressFamily));
    }

    private static void InspectPersonality(FilterProgram.Block block)
    {
        block.Argument(0);
        block.WhereOneOf(personalities, usual => usual.Return(FilterProgram.Allow));
        block.Return(FilterProgram.Errno(NotPermitted));
    }
}
