using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace TarsListener;

/// <summary>The C library's calls; x86-64 and arm64 Linux share every number and layout used here.</summary>
internal static unsafe partial class Libc
{
    private const int Inet = 2, Stream = 1, CloseOnExec = 0x80000;
    private const int FreeBind = 15;
    private const int Backlog = 128;
    private const int SocketLevel = 1, Rights = 1, NoSignal = 0x4000;

    /// <summary>The listening socket's number, or the errno, negative.</summary>
    public static int Listen(ushort port)
    {
        var socket = Socket(Inet, Stream | CloseOnExec, 0);
        if (socket < 0) return Failed();
        // The namespace is young: its loopback may have no address yet.
        int yes = 1;
        if (SetOption(socket, 0, FreeBind, &yes, sizeof(int)) < 0) return Failed();
        var address = stackalloc byte[16];
        new Span<byte>(address, 16).Clear();
        address[0] = Inet;
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), port);
        (address[4], address[7]) = (127, 1);
        return Bind(socket, address, 16) < 0 || Listen(socket, Backlog) < 0 ? Failed() : socket;
    }

    /// <summary>Zero, or the errno.</summary>
    public static int SendDescriptors(int to, ReadOnlySpan<int> descriptors)
    {
        byte one = 1;
        var part = stackalloc nint[2] { (nint)(&one), 1 };
        var size = 16 + (sizeof(int) * descriptors.Length);
        var control = stackalloc byte[(size + 7) & ~7];
        *(nint*)control = size;
        *(int*)(control + 8) = SocketLevel;
        *(int*)(control + 12) = Rights;
        descriptors.CopyTo(new Span<int>(control + 16, descriptors.Length));
        var message = new Message { Parts = part, PartCount = 1, Control = control, ControlLength = (size + 7) & ~7 };
        return SendMessage(to, &message, NoSignal) < 0 ? Marshal.GetLastPInvokeError() : 0;
    }

    private static int Failed() => -Marshal.GetLastPInvokeError();

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    private static partial int Socket(int family, int kind, int protocol);

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    private static partial int SetOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "bind", SetLastError = true)]
    private static partial int Bind(int socket, byte* address, uint length);

    [LibraryImport("libc", EntryPoint = "listen", SetLastError = true)]
    private static partial int Listen(int socket, int backlog);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static partial nint SendMessage(int socket, Message* message, int flags);

    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public byte* Name;
        public nint NameLength;
        public nint* Parts;
        public nint PartCount;
        public byte* Control;
        public nint ControlLength;
        public int Flags;
    }
}
