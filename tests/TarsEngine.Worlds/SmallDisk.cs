using System.Diagnostics;
using System.Globalization;

namespace TarsEngine.Worlds;

/// <summary>
/// A file system in memory that can be filled until so many pages or inodes are left. Who mounts it needs root, or a user namespace of
/// its own, and should be in a mount namespace of its own.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    public const int Page = 4096;
    private const int Pages = 1024, Inodes = 1024;
    private readonly string fill;

    public SmallDisk(string place)
    {
        Place = Directory.CreateDirectory(place).FullName;
        Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={Pages * Page},nr_inodes={Inodes}"), "tars", Place);
        fill = Path.Combine(Place, "fill");
    }

    public string Place { get; }

    /// <summary>Leaves room for so many pages of content.</summary>
    public void LeavePages(int pages)
    {
        using var file = new FileStream(fill, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[Page];
        var written = 0;
        while (IsDone(() => file.Write(page))) written++;
        file.SetLength(Math.Max(0, written - pages) * (long)Page);
    }

    /// <summary>Leaves room for so many new files.</summary>
    public void LeaveInodes(int inodes)
    {
        var made = 0;
        Directory.CreateDirectory(fill);
        while (IsDone(() => File.Create(Path.Combine(fill, made.ToString(CultureInfo.InvariantCulture))).Dispose())) made++;
        for (var i = Math.Max(0, made - inodes); i < made; i++) File.Delete(Path.Combine(fill, i.ToString(CultureInfo.InvariantCulture)));
    }

    /// <summary>Somebody has tidied up.</summary>
    public void Free()
    {
        if (Directory.Exists(fill)) Directory.Delete(fill, recursive: true);
        File.Delete(fill);
    }

    public void Dispose() => Run("umount", "--lazy", Place);

    private static bool IsDone(Action act)
    {
        try
        {
            act();
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new IOException($"'{program} {string.Join(' ', arguments)}' ended with {process.ExitCode}.");
    }
}
