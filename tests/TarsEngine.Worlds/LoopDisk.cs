using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using TarsEngine.Files;

namespace TarsEngine.Worlds;

/// <summary>
/// A file system of its own in a file, that can lose its power. It is mounted where its thread alone sees it: a mount namespace that is
/// copied meanwhile, as every sandbox does, would keep the dead file system alive, and mounting it again would find it dead.
/// </summary>
internal sealed partial class LoopDisk : IDisposable
{
    // _IOR('X', 125, __u32) of linux/fs.h; ext4 and xfs answer to the same number.
    private const nuint Shutdown = 0x8004587D;
    private const int NewNamespace = 0x20000, Chunk = 64 << 10;
    private const nuint PrivateForAll = (1 << 18) | (1 << 14);
    private const string NoSource = "none";
    private readonly List<(long Offset, byte[] Bytes)> kept = [];
    private readonly string type, image;
    private string? device;
    private bool isMounted;

    private LoopDisk(string type, string folder)
    {
        (this.type, image) = (type, Path.Combine(folder, "disk.img"));
        Place = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
    }

    /// <summary>Where it is mounted.</summary>
    public string Place { get; }

    private long Size => type == "xfs" ? 300 << 20 : 32 << 20;

    /// <summary>Works with a disk on a thread of its own, which nobody else's mounts reach. Needs root.</summary>
    /// <param name="type">'ext4' or 'xfs'.</param>
    /// <param name="folder">In memory, or the disk's own pace tells.</param>
    public static void Use(string type, string folder, Action<LoopDisk> work)
    {
        ExceptionDispatchInfo? failed = null;
        var thread = new Thread(() =>
        {
            try
            {
                Check(Unshare(NewNamespace), "a mount namespace of its own");
                Check(MountAt(NoSource, "/", null, PrivateForAll, null), "a mount namespace of its own");
                using var disk = new LoopDisk(type, folder);
                work(disk);
            }
            catch (Exception error)
            {
                failed = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failed?.Throw();
    }

    /// <summary>Empty.</summary>
    public void Format()
    {
        Detach();
        using (var file = File.Create(image)) file.SetLength(Size);
        if (type == "xfs") Run("mkfs.xfs", "-q", image);
        else Run("mkfs.ext4", "-q", "-F", "-b", "1024", "-J", "size=2", image);
        device = Run("losetup", "--find", "--show", image).Trim();
    }

    public void Mount()
    {
        Check(MountAt(device!, Place, type, 0, null), $"mounting '{device}'");
        isMounted = true;
    }

    public void Unmount()
    {
        const int busy = 16;
        // A child that another thread starts holds all that is open here, for the instant until it is a program of its own.
        var result = UnmountAt(Place, 0);
        for (var tried = 0; result != 0 && Marshal.GetLastPInvokeError() == busy && tried < 1000; tried++)
        {
            Thread.Sleep(10);
            result = UnmountAt(Place, 0);
        }
        Check(result, $"unmounting '{device}'");
        isMounted = false;
    }

    /// <summary>Keeps what is on the disk now, while it is not mounted.</summary>
    public void Remember()
    {
        kept.Clear();
        using var file = File.OpenHandle(image);
        var buffer = new byte[Chunk];
        for (long at = 0; RandomAccess.Read(file, buffer, at) is > 0 and var count; at += count)
            if (buffer.AsSpan(0, count).ContainsAnyExcept((byte)0)) kept.Add((at, buffer[..count]));
    }

    /// <summary>What was kept, and nothing else, is on the disk again.</summary>
    public void Restore()
    {
        using var file = File.OpenHandle(image, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        // Cut to nothing first: a journal's old blocks could be taken for new ones.
        RandomAccess.SetLength(file, 0);
        RandomAccess.SetLength(file, Size);
        foreach (var (offset, bytes) in kept) RandomAccess.Write(file, bytes, offset);
    }

    /// <summary>From now on nothing reaches the disk.</summary>
    /// <param name="flag">Of linux/fs.h: 1 when the journal's last words reach the disk still, 2 when they don't.</param>
    public void CutPower(uint flag)
    {
        using var top = new FileSystem().OpenRoot(Place);
        Check(InputOutputControl(top.Descriptor, Shutdown, ref flag), "the power cut");
    }

    public void Dispose()
    {
        const int lazily = 2;
        // After a fault something may keep it open still; what went wrong must not be hidden by that.
        if (isMounted) Check(UnmountAt(Place, lazily), $"unmounting '{device}'");
        Detach();
    }

    private void Detach()
    {
        if (device is not null) Run("losetup", "--detach", device);
        device = null;
    }

    private static string Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var answer = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? answer : throw new IOException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }

    private static void Check(int result, string what)
    {
        if (result != 0) throw new IOException($"{what} failed: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int InputOutputControl(int descriptor, nuint request, ref uint argument);

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MountAt(string source, string target, string? type, nuint flags, string? data);

    [LibraryImport("libc", EntryPoint = "umount2", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnmountAt(string target, int flags);
}
