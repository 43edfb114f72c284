using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace TarsEngine.Processes;

/// <summary>Pipes and memory files, all close-on-exec, so that nothing leaks into a child that another thread starts.</summary>
internal static unsafe class Descriptors
{
    // Above every number that a child is given, so that moving one into place never overwrites another.
    private const int FirstFree = 64;

    /// <summary>A pipe; our end never blocks.</summary>
    public static (SafeFileHandle Ours, SafeFileHandle Childs) Pipe(bool weRead)
    {
        var ends = stackalloc int[2];
        Posix.Check(Posix.Pipe2(ends, Posix.CloseOnExec), "pipe2");
        using SafeFileHandle reader = Own(ends[0]), writer = Own(ends[1]);
        var ours = Raise(weRead ? reader : writer);
        var flags = Posix.Check(Posix.Fcntl(Number(ours), Posix.GetFlags, 0), "fcntl");
        Posix.Check(Posix.Fcntl(Number(ours), Posix.SetFlags, flags | Posix.NonBlock), "fcntl");
        return (ours, Raise(weRead ? writer : reader));
    }

    /// <summary>A file in memory with this content, at its beginning.</summary>
    public static SafeFileHandle MemoryFile(string name, ReadOnlySpan<byte> content)
    {
        const uint closeOnExec = 1;
        using var low = Own(Posix.Check(Posix.MemoryFile(name, closeOnExec), "memfd_create"));
        RandomAccess.Write(low, content, 0);
        return Raise(low);
    }

    /// <summary>Two ends of a local socket; descriptors can be sent through it.</summary>
    public static (SafeFileHandle Ours, SafeFileHandle Childs) SocketPair()
    {
        const int unix = 1, stream = 1;
        var ends = stackalloc int[2];
        Posix.Check(Posix.SocketPair(unix, stream | Posix.CloseOnExec, 0, ends), "socketpair");
        using SafeFileHandle one = Own(ends[0]), other = Own(ends[1]);
        return (Raise(one), Raise(other));
    }

    /// <summary>The descriptors that one message brought, close-on-exec; none when there is no message.</summary>
    public static IReadOnlyList<int> Receive(SafeFileHandle socket, int most)
    {
        const int closeOnExec = 0x40000000, dontWait = 0x40, socketLevel = 1, rights = 1, header = 16;
        byte one;
        var part = stackalloc nint[2] { (nint)(&one), 1 };
        var size = (header + (sizeof(int) * most) + 7) & ~7;
        var control = stackalloc byte[size];
        var message = new Posix.Message { Parts = part, PartCount = 1, Control = control, ControlLength = size };
        if (Posix.ReceiveMessage(Number(socket), &message, closeOnExec | dontWait) <= 0 || message.ControlLength < header
            || *(int*)(control + 8) != socketLevel || *(int*)(control + 12) != rights)
            return [];
        return [.. new ReadOnlySpan<int>(control + header, (int)(*(nint*)control - header) / sizeof(int))];
    }

    public static SafeFileHandle Event() => Own(Posix.Check(Posix.EventFd(0, Posix.CloseOnExec | Posix.NonBlock), "eventfd"));

    /// <summary>A process's network namespace, and the user namespace that owns it (the process itself may have moved on to another).</summary>
    public static (SafeFileHandle Network, SafeFileHandle Owner) NetworkNamespace(int process)
    {
        const nuint ownerOf = 0xB701;
        using var low = File.OpenHandle($"/proc/{process}/ns/net", FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var owner = Own(Posix.Check(Posix.Control(Number(low), ownerOf, 0), "ioctl"));
        return (Raise(low), Raise(owner));
    }

    public static SafeFileHandle Null()
    {
        using var low = File.OpenHandle("/dev/null", FileMode.Open, FileAccess.Read);
        return Raise(low);
    }

    public static SafeFileHandle Own(int descriptor) => new(descriptor, ownsHandle: true);

    public static int Number(SafeHandle handle) => (int)handle.DangerousGetHandle();

    private static SafeFileHandle Raise(SafeFileHandle low) =>
        Own(Posix.Check(Posix.Fcntl(Number(low), Posix.DupCloseOnExec, FirstFree), "fcntl"));
}
