using System.Globalization;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace TarsEngine.Storage;

/// <summary>
/// A lock that dies with its process: flock(2) on a file whose descriptor no child inherits. The holder writes who it is
/// into the file, for messages only.
/// </summary>
public sealed partial class FileLock : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly SafeFileHandle held;
    private readonly string path;
    private readonly bool removed;

    private FileLock(SafeFileHandle held, string path, bool removed) => (this.held, this.path, this.removed) = (held, path, removed);

    /// <summary>Takes the lock, or null when another holds it.</summary>
    /// <param name="path">The lock's file; made when absent.</param>
    /// <param name="holder">Who takes it, for those who wait.</param>
    /// <param name="removeWhenReleased">For locks with a name of their own per run, so that their files don't pile up.</param>
    public static FileLock? TryTake(string path, string holder, bool removeWhenReleased = false)
    {
        while (true)
        {
            var file = OpenFile(path);
            try
            {
                if (flock(file, LockExclusive | LockNonBlocking) != 0)
                {
                    var error = Marshal.GetLastPInvokeError();
                    if (error == Interrupted) continue;
                    if (error == WouldBlock) return null;
                    throw new StateException(StateProblem.Disk,
                        $"The lock '{path}' can't be taken: {Marshal.GetPInvokeErrorMessage(error)}. The state folder must lie on a file system that has locks.");
                }
                // The last holder may have removed the file between our open and our lock: then it guards nothing.
                if (!IsStill(file, path)) continue;
                RandomAccess.SetLength(file, 0);
                RandomAccess.Write(file, Encoding.UTF8.GetBytes(holder), 0);
                var taken = new FileLock(file, path, removeWhenReleased);
                file = null;
                return taken;
            }
            finally
            {
                file?.Dispose();
            }
        }
    }

    /// <summary>Takes the lock, waiting for whoever holds it.</summary>
    /// <param name="waiting">Told once, with words for people, when there is something to wait for.</param>
    /// <exception cref="StateException">Still held after <paramref name="wait"/>; the message names the holder.</exception>
    public static FileLock Take(string path, string holder, TimeSpan wait, Action<string>? waiting = null, bool removeWhenReleased = false)
    {
        var start = Stopwatch.GetTimestamp();
        using var pause = new ManualResetEventSlim(false);
        for (var told = false; ; told = true)
        {
            if (TryTake(path, holder, removeWhenReleased) is { } taken) return taken;
            var name = Path.GetFileNameWithoutExtension(path);
            if (!told) waiting?.Invoke($"Waiting for lock '{name}', held by {Holder(path) ?? "another process"}.");
            if (Stopwatch.GetElapsedTime(start) >= wait)
            {
                throw new StateException(StateProblem.Busy, string.Create(CultureInfo.InvariantCulture,
                    $"Lock '{name}' is held by {Holder(path) ?? "another process"} and was not free within {wait.TotalSeconds:0.#} s. ")
                    + "Wait for that command to end, or end it, then run this one again.");
            }
            pause.Wait(Pause);
        }
    }

    /// <summary>Who wrote itself into the lock file last; null when nobody did.</summary>
    public static string? Holder(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[256];
            var text = Encoding.UTF8.GetString(bytes, 0, RandomAccess.Read(file, bytes, 0));
            return text.Length == 0 ? null : Files.ByteText.Display(text);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (held.IsClosed) return;
        // Removed while it is still held; whoever opened it meanwhile sees that and opens again.
        if (removed) File.Delete(path);
        held.Dispose();
    }

    private static SafeFileHandle OpenFile(string path)
    {
        var file = open(path, ReadWrite | Create | CloseOnExec | NoFollow, 0b110_000_000);
        if (!file.IsInvalid) return file;
        var error = Marshal.GetLastPInvokeError();
        file.Dispose();
        throw new StateException(StateProblem.Disk,
            $"The lock file '{path}' can't be opened: {Marshal.GetPInvokeErrorMessage(error)}. "
            + "Check that you own the folder it lies in and that the disk is writable and not full.");
    }

    private static unsafe bool IsStill(SafeFileHandle file, string path)
    {
        // statx(2) has one layout on every architecture: inode at 32, device at 136.
        var opened = stackalloc byte[256];
        var named = stackalloc byte[256];
        return statx(file, "", EmptyPath, InodeMask, opened) == 0
            && statx(CurrentFolder, path, NoFollowLink, InodeMask, named) == 0
            && *(ulong*)(opened + 32) == *(ulong*)(named + 32) && *(ulong*)(opened + 136) == *(ulong*)(named + 136);
    }

    private const int LockExclusive = 2, LockNonBlocking = 4;
    private const int Interrupted = 4, WouldBlock = 11;
    private const int ReadWrite = 2, Create = 0x40, CloseOnExec = 0x80000;
    private const int CurrentFolder = -100, EmptyPath = 0x1000, NoFollowLink = 0x100;
    private const uint InodeMask = 0x100;

    // One of the few constants that differ between Linux's architectures.
    private static readonly int NoFollow = RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x8000 : 0x20000;

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle open(string path, int flags, int mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int flock(SafeFileHandle file, int operation);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(SafeFileHandle folder, string path, int flags, uint mask, byte* result);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int statx(int folder, string path, int flags, uint mask, byte* result);
}
