using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TarsEngine.Sandbox;

/// <summary>
/// The system-call filter as a classic BPF program. The network is closed by its namespace, not here: AF_INET and AF_UNIX
/// stay, or .NET's test host and multi-node builds die. ptrace stays: it reaches no further than the PID namespace.
/// </summary>
internal static class SeccompFilter
{
    private const ushort Load = 0x20, JumpEqual = 0x15, JumpAnyBit = 0x45, Return = 0x06;
    private const uint Allow = 0x7fff0000, Fail = 0x00050000, KillProcess = 0x80000000;
    private const uint NotPermitted = 1, NoSystemCall = 38, NoAddressFamily = 97;
    private const uint NumberAt = 0, ArchitectureAt = 4, FirstArgumentAt = 16;

    // Of clone(2)'s flags: new mount, cgroup, UTS, IPC, user, PID and network namespaces.
    private const uint NewNamespaces = 0x7E020000;

    private const uint InjectInput = 0x5412, LinuxConsole = 0x541C; // TIOCSTI, TIOCLINUX
    private static readonly uint[] families = [1, 2, 10, 16]; // unix, inet, inet6, netlink (to list interfaces)

    /// <summary>The filter for the machine that this runs on.</summary>
    public static byte[] Build() => Build(SystemCalls.Of(RuntimeInformation.OSArchitecture));

    internal static byte[] Build(SystemCalls calls)
    {
        var program = new List<(ushort Code, byte Then, byte Else, uint Value)>
        {
            // A call by a foreign ABI has other numbers: nothing below would hold.
            (Load, 0, 0, ArchitectureAt),
            (JumpEqual, 1, 0, calls.Architecture),
            (Return, 0, 0, KillProcess),
            (Load, 0, 0, NumberAt),
        };
        // x32 shares x86-64's architecture and differs by this bit.
        if (calls.ForeignBit != 0) Refuse(JumpAnyBit, calls.ForeignBit, NoSystemCall);
        // Its flags lie in memory, where a filter can't look; the C library falls back to clone.
        Refuse(JumpEqual, calls.Clone3, NoSystemCall);
        foreach (var number in calls.Denied) Refuse(JumpEqual, number, NotPermitted);

        Inspect(calls.CloneCall, argument: 0, [(JumpAnyBit, 0, 1, NewNamespaces), (Return, 0, 0, Fail | NotPermitted)], otherwise: Allow);
        // The kernel looks at the low 32 bits of the request only, so does this.
        Inspect(calls.Ioctl, argument: 1,
            [(JumpEqual, 1, 0, InjectInput), (JumpEqual, 0, 1, LinuxConsole), (Return, 0, 0, Fail | NotPermitted)], otherwise: Allow);
        Inspect(calls.Socket, argument: 0,
            [.. families.Select((family, i) => (JumpEqual, (byte)(families.Length - 1 - i), (byte)(i == families.Length - 1 ? 1 : 0), family)), (Return, (byte)0, (byte)0, Allow)],
            otherwise: Fail | NoAddressFamily);
        program.Add((Return, 0, 0, Allow));
        return Encode(program);

        void Refuse(ushort test, uint value, uint errno)
        {
            program.Add((test, 0, 1, value));
            program.Add((Return, 0, 0, Fail | errno));
        }

        void Inspect(uint number, uint argument, IReadOnlyList<(ushort, byte, byte, uint)> tests, uint otherwise)
        {
            program.Add((JumpEqual, 0, (byte)(tests.Count + 2), number));
            program.Add((Load, 0, 0, FirstArgumentAt + 8 * argument));
            program.AddRange(tests);
            program.Add((Return, 0, 0, otherwise));
        }
    }

    private static byte[] Encode(List<(ushort Code, byte Then, byte Else, uint Value)> program)
    {
        var bytes = new byte[program.Count * 8];
        for (var i = 0; i < program.Count; i++)
        {
            var at = bytes.AsSpan(i * 8);
            BinaryPrimitives.WriteUInt16LittleEndian(at, program[i].Code);
            (at[2], at[3]) = (program[i].Then, program[i].Else);
            BinaryPrimitives.WriteUInt32LittleEndian(at[4..], program[i].Value);
        }
        return bytes;
    }
}
