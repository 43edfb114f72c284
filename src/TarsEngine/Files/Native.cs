using System.Runtime.InteropServices;

namespace TarsEngine.Files;

/// <summary>The calls to libc. Names are bytes ended by NUL, descriptors plain numbers; nothing here judges a result.</summary>
internal static partial class Native
{
    public const int AtCurrent = -100, AtSymlinkNoFollow = 0x100, AtEmptyPath = 0x1000, AtRemoveDirectory = 0x200;
    /// <summary>Of a directory entry, as getdents tells it.</summary>
    public const byte TypeFile = 8, TypeDirectory = 4, TypeSymlink = 10;
    public const int ReadOnly = 0, WriteOnly = 1, ReadWrite = 2, Create = 0x40, Exclusive = 0x80, NonBlock = 0x800, CloseOnExec = 0x80000;
    public const uint RenameNoReplaceFlag = 1, RenameExchangeFlag = 2;
    public const ulong ResolveNoXdev = 1, ResolveNoMagicLinks = 2, ResolveNoSymlinks = 4, ResolveBeneath = 8;
    public const int LockExclusive = 2, LockNonBlock = 4, LockShared = 1;
    public const int SetSignal = 10, UrgentSignal = 23, SetLease = 1024, LeaseRead = 0, LeaseNone = 2;
    public const uint CloneFile = 0x40049409;
    public const int OpenAt2Number = 437;

    // Two flags and one call number differ between x86 and arm.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;
    public static readonly int Directory = Arm ? 0x4000 : 0x10000;
    public static readonly int NoFollow = Arm ? 0x8000 : 0x20000;
    public static readonly int GetDentsNumber = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 217 : 61;

    [StructLayout(LayoutKind.Sequential)]
    public struct OpenHow
    {
        public ulong Flags;
        public ulong Mode;
        public ulong Resolve;
    }

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    public struct StatX
    {
        [FieldOffset(8)] public ulong Attributes;
        [FieldOffset(16)] public uint Links;
        [FieldOffset(20)] public uint Uid;
        [FieldOffset(24)] public uint Gid;
        [FieldOffset(28)] public ushort Mode;
        [FieldOffset(32)] public ulong Inode;
        [FieldOffset(40)] public ulong Size;
        [FieldOffset(48)] public ulong Blocks;
        [FieldOffset(96)] public long ChangeSeconds;
        [FieldOffset(104)] public uint ChangeNanoseconds;
        [FieldOffset(112)] public long ModifySeconds;
        [FieldOffset(120)] public uint ModifyNanoseconds;
        [FieldOffset(128)] public uint SpecialMajor;
        [FieldOffset(132)] public uint SpecialMinor;
        [FieldOffset(136)] public uint DeviceMajor;
        [FieldOffset(140)] public uint DeviceMinor;
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static unsafe partial int Open(byte* path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    public static unsafe partial int OpenAt(int directory, byte* name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint OpenAt2(nint number, nint directory, byte* path, OpenHow* how, nint size);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static unsafe partial nint GetDents(nint number, nint directory, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    public static partial long Seek(int descriptor, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static unsafe partial int Stat(int directory, byte* name, int flags, uint mask, StatX* result);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static unsafe partial nint Read(int descriptor, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    public static partial int Truncate(int descriptor, long size);

    [LibraryImport("libc", EntryPoint = "readlinkat", SetLastError = true)]
    public static unsafe partial nint ReadLink(int directory, byte* name, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "symlinkat", SetLastError = true)]
    public static unsafe partial int Symlink(byte* target, int directory, byte* name);

    [LibraryImport("libc", EntryPoint = "mkdirat", SetLastError = true)]
    public static unsafe partial int MakeDirectory(int directory, byte* name, uint mode);

    [LibraryImport("libc", EntryPoint = "mknodat", SetLastError = true)]
    public static unsafe partial int MakeNode(int directory, byte* name, uint mode, ulong device);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true)]
    public static unsafe partial int ChangeModeByPath(byte* path, uint mode);

    [LibraryImport("libc", EntryPoint = "renameat2", SetLastError = true)]
    public static unsafe partial int Rename(int fromDirectory, byte* from, int toDirectory, byte* to, uint flags);

    [LibraryImport("libc", EntryPoint = "unlinkat", SetLastError = true)]
    public static unsafe partial int Unlink(int directory, byte* name, int flags);

    [LibraryImport("libc", EntryPoint = "fchmod", SetLastError = true)]
    public static partial int ChangeMode(int descriptor, uint mode);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    public static partial int ChangeOwner(int descriptor, uint uid, uint gid);

    [LibraryImport("libc", EntryPoint = "fchownat", SetLastError = true)]
    public static unsafe partial int ChangeOwnerAt(int directory, byte* name, uint uid, uint gid, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    public static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    public static partial int SyncFileSystem(int descriptor);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    public static partial int Lock(int descriptor, int operation);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    public static partial int Control(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int InputOutputControl(int descriptor, nuint request, nint argument);

    [LibraryImport("libc", EntryPoint = "flistxattr", SetLastError = true)]
    public static unsafe partial nint ListAttributes(int descriptor, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr", SetLastError = true)]
    public static unsafe partial nint GetAttribute(int descriptor, byte* name, byte* buffer, nint size);

    [LibraryImport("libc", EntryPoint = "fsetxattr", SetLastError = true)]
    public static unsafe partial int SetAttribute(int descriptor, byte* name, byte* value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    public static unsafe partial int Access(int directory, byte* name, int mode, int flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    public static unsafe partial int SetTimes(int descriptor, long* times);
}
