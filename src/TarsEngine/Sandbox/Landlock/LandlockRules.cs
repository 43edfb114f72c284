using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using TarsEngine.Files;
using TarsEngine.Processes;

namespace TarsEngine.Sandbox.Landlock;

/// <summary>
/// What a thread, and all that it starts from then on, may still reach of the file system and the network: Linux' Landlock
/// (https://docs.kernel.org/userspace-api/landlock.html). What is not allowed is denied, for good.
/// </summary>
internal sealed unsafe partial class LandlockRules : IDisposable
{
    /// <summary>The oldest kernel interface that closes TCP (Linux 6.7).</summary>
    public const int OldestInterface = 4;

    private const ulong Execute = 1, WriteFile = 2, ReadFile = 4, ReadFolder = 8, Truncate = 1 << 14, DeviceIoctl = 1 << 15;
    private const ulong FirstAll = (1 << 15) - 1;
    private const ulong Tcp = 1 | 2, AbstractSockets = 1, Signals = 2;
    private const int NoNewPrivileges = 38, SetSeccomp = 22, FilterMode = 2, PathBeneath = 1, CloseOnExec = 0x80000, PathOnly = 0x200000, Version = 1, Errata = 2, SignalsMended = 2;
    private const int CreateNumber = 444, AddNumber = 445, RestrictNumber = 446;

    private readonly SafeFileHandle rules;
    private readonly ulong all;

    public LandlockRules()
    {
        all = Interface >= 5 ? FirstAll | DeviceIoctl : FirstAll;
        var attributes = stackalloc ulong[3] { all, Tcp, Scopes };
        rules = Descriptors.Own(Posix.Check((int)Call(CreateNumber, (nint)attributes, (Interface >= 6 ? 3 : 2) * sizeof(ulong), 0, 0), "landlock_create_ruleset"));
    }

    /// <summary>Of the running kernel; 0 where it has none or it is switched off.</summary>
    public static int Interface { get; } = Math.Max(0, (int)Call(CreateNumber, 0, 0, Version, 0));

    /// <summary>Signals to processes outside are denied. Before a mended kernel that would stop the runtime from signalling its own threads.</summary>
    public static bool HoldsSignals { get; } = Interface >= 6 && ((int)Call(CreateNumber, 0, 0, Errata, 0) is var mended and > 0) && (mended & SignalsMended) != 0;

    /// <summary>Abstract sockets of processes outside can't be connected to.</summary>
    public static bool HoldsAbstractSockets => Interface >= 6;

    private static ulong Scopes => (HoldsAbstractSockets ? AbstractSockets : 0) | (HoldsSignals ? Signals : 0);

    /// <summary>Reading, listing and executing at and below a path; nothing where it does not exist.</summary>
    public void AllowReading(string path) => Allow(path, Execute | ReadFile | ReadFolder);

    /// <summary>Reading and writing one file that is there: a device.</summary>
    public void AllowWritingFile(string path) => Allow(path, ReadFile | WriteFile | Truncate);

    /// <summary>Everything at and below a folder but making devices.</summary>
    public void AllowAll(string folder) => Allow(folder, all & ~((1UL << 6) | (1UL << 11) | DeviceIoctl));

    /// <summary>Confines the calling thread and what it starts. It can't be undone: the thread must end with it.</summary>
    /// <param name="filter">A system-call filter that holds as well, see <see cref="SeccompFilter"/>.</param>
    public void Confine(byte[] filter)
    {
        Posix.Check(Control(NoNewPrivileges, 1, 0, 0, 0), "prctl");
        Posix.Check((int)Call(RestrictNumber, Descriptors.Number(rules), 0, 0, 0), "landlock_restrict_self");
        fixed (byte* instructions = filter)
        {
            // struct sock_fprog: how many, padding, where.
            var program = stackalloc byte[16];
            BinaryPrimitives.WriteUInt16LittleEndian(new Span<byte>(program, 2), (ushort)(filter.Length / 8));
            *(byte**)(program + 8) = instructions;
            Posix.Check(Control(SetSeccomp, FilterMode, (nint)program, 0, 0), "prctl");
        }
    }

    public void Dispose() => rules.Dispose();

    private void Allow(string path, ulong access)
    {
        int opened;
        fixed (byte* name = ByteText.Encode(path, spare: 1)) opened = Open(name, PathOnly | CloseOnExec, 0);
        if (opened < 0)
        {
            if (Marshal.GetLastPInvokeError() is Errno.NotFound or Errno.NotDirectory) return;
            throw Posix.Failure("open " + ByteText.Display(path), Marshal.GetLastPInvokeError());
        }
        using var at = Descriptors.Own(opened);
        // On a file the kernel takes rights of files only.
        if (!Directory.Exists(path)) access &= Execute | WriteFile | ReadFile | Truncate;
        var rule = stackalloc byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(new Span<byte>(rule, 8), access);
        BinaryPrimitives.WriteInt32LittleEndian(new Span<byte>(rule + 8, 4), Descriptors.Number(at));
        Posix.Check((int)Call(AddNumber, Descriptors.Number(rules), PathBeneath, (nint)rule, 0), "landlock_add_rule");
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint one, nint two, nint three, nint four);

    [LibraryImport("libc", EntryPoint = "prctl", SetLastError = true)]
    private static partial int Control(int option, nint two, nint three, nint four, nint five);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    private static partial int Open(byte* path, int flags, uint mode);
}
