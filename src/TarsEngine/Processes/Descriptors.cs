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

    public static SafeFileHandle Event() => Own(Posix.Check(Posix.EventFd(0, Posix.CloseOnExec | Posix.NonBlock), "eventfd"));

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
