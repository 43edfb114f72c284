using System.Diagnostics;
using System.Runtime.InteropServices;
using TarsEngine.Files;

namespace Tars.Stress.Cases;

/// <summary>
/// A file system of its own in a file, that can lose its power. It has to be mounted in a mount namespace of its own: one that is copied
/// meanwhile, as every sandbox does, would keep the dead file system alive, and mounting it again would find it dead.
/// </summary>
internal sealed partial class LoopDisk : IDisposable
{
    // _IOR('X', 125, __u32) of linux/fs.h; ext4 and xfs answer to the same number.
    private const nuint Shutdown = 0x8004587D;
    private readonly string type, image, kept;
    private bool isMounted;

    public LoopDisk(string type, string folder)
    {
        (this.type, image, kept) = (type, Path.Combine(folder, "disk.img"), Path.Combine(folder, "kept.img"));
        Place = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
    }

    /// <summary>Where it is mounted.</summary>
    public string Place { get; }

    /// <summary>Empty, as large as the type needs.</summary>
    public void Format()
    {
        File.Delete(image);
        Run("truncate", "-s", type == "xfs" ? "320M" : "48M", image);
        if (type == "xfs") Run("mkfs.xfs", "-q", image);
        else Run("mkfs.ext4", "-q", "-F", image);
    }

    public void Mount()
    {
        Run("mount", "-o", "loop", image, Place);
        isMounted = true;
    }

    public void Unmount()
    {
        Run("umount", Place);
        isMounted = false;
    }

    /// <summary>Keeps what is on the disk now.</summary>
    public void Remember() => Run("cp", "--sparse=always", image, kept);

    /// <summary>What was kept is on the disk again.</summary>
    public void Restore() => Run("cp", "--sparse=always", kept, image);

    /// <summary>From now on nothing reaches the disk.</summary>
    /// <param name="place">Where it is mounted.</param>
    public static void CutPower(string place, uint flag)
    {
        using var top = new FileSystem().OpenRoot(place);
        if (InputOutputControl(top.Descriptor, Shutdown, ref flag) != 0) throw new IOException($"The power could not be cut: errno {Marshal.GetLastPInvokeError()}.");
    }

    public void Dispose()
    {
        // After a fault something may keep it open still; what went wrong must not be hidden by that.
        if (isMounted) Run("umount", "--lazy", Place);
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int InputOutputControl(int descriptor, nuint request, ref uint argument);
}
