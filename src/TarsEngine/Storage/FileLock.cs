using System.Diagnostics;
using System.Globalization;
using System.Text;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>
/// A lock that dies with its process: flock(2) on a file whose descriptor no child inherits. The holder writes who it is
/// into the file, for messages only.
/// </summary>
public sealed class FileLock : IDisposable
{
    private const int OwnerOnly = 0b110_000_000;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    // Locks hold nothing that a crash must find as it was, so no observer watches them: letting go always works.
    private static readonly FileSystem Files = new();
    private readonly DirectoryHandle place;
    private readonly FileHandle held;
    private readonly string? removed;

    private FileLock(DirectoryHandle place, FileHandle held, string? removed) => (this.place, this.held, this.removed) = (place, held, removed);

    /// <summary>Takes the lock, or null when another holds it.</summary>
    /// <param name="path">The lock's file; made when absent.</param>
    /// <param name="holder">Who takes it, for those who wait.</param>
    /// <param name="removeWhenReleased">For locks with a name of their own per run, so that their files don't pile up.</param>
    /// <exception cref="FileSystemException">The file can't be opened or locked.</exception>
    public static FileLock? TryTake(string path, string holder, bool removeWhenReleased = false)
    {
        var name = Path.GetFileName(path);
        var folder = Files.OpenRoot(Path.GetDirectoryName(path)!);
        FileHandle? file = null;
        FileLock? taken = null;
        try
        {
            while (taken is null)
            {
                file = Files.OpenOrCreateFile(folder, name, OwnerOnly);
                if (!Files.TryLock(file)) return null;
                // The last holder may have removed the file between our open and our lock: then it guards nothing.
                if (Files.Stat(folder, name) is { } now && now.IsSameNode(Files.Stat(file)))
                {
                    WriteHolder(file, holder);
                    taken = new(folder, file, removeWhenReleased ? name : null);
                }
                else
                {
                    file.Dispose();
                }
            }
            return taken;
        }
        finally
        {
            if (taken is null)
            {
                file?.Dispose();
                folder.Dispose();
            }
        }
    }

    /// <summary>Takes the lock, waiting for whoever holds it.</summary>
    /// <param name="waiting">Told once, with words for people, when there is something to wait for.</param>
    /// <exception cref="StateException">Still held after <paramref name="wait"/>; the message names the holder.</exception>
    public static FileLock Take(string path, string holder, TimeSpan wait, Action<string>? waiting = null, bool removeWhenReleased = false)
    {
        var start = Stopwatch.GetTimestamp();
        var shown = Path.GetFileNameWithoutExtension(path);
        using var pause = new ManualResetEventSlim(false);
        for (var told = false; ; told = true)
        {
            if (TryTake(path, holder, removeWhenReleased) is { } taken) return taken;
            if (!told) waiting?.Invoke($"Waiting for the lock '{shown}', held by {Holder(path)}.");
            if (Stopwatch.GetElapsedTime(start) >= wait)
            {
                throw new StateException(StateProblem.Busy, string.Create(CultureInfo.InvariantCulture,
                    $"The lock '{shown}' is held by {Holder(path)} and was not free within {wait.TotalSeconds:0.#} s. ")
                    + "Wait for that command to end, or end it, then run this one again.");
            }
            pause.Wait(Pause);
        }
    }

    /// <summary>Who wrote itself into the lock's file last.</summary>
    public static string Holder(string path)
    {
        const string unknown = "another process";
        try
        {
            using var folder = Files.OpenRoot(Path.GetDirectoryName(path)!);
            using var file = Files.OpenFile(folder, Path.GetFileName(path));
            var bytes = new byte[256];
            var text = Encoding.UTF8.GetString(bytes, 0, Files.Read(file, bytes));
            return text.Length == 0 ? unknown : ByteText.Display(text);
        }
        catch (FileSystemException)
        {
            return unknown;
        }
    }

    // For messages only: a full disk must not cost the lock, without which nothing that a full disk left could be settled.
    private static void WriteHolder(FileHandle file, string holder)
    {
        try
        {
            Files.Truncate(file);
            Files.Write(file, Encoding.UTF8.GetBytes(holder));
        }
        catch (FileSystemException error) when (error.Error is Errno.NoSpace or Errno.Quota)
        {
            // Those who wait are told 'another process'.
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        if (held.IsClosed) return;
        // Removed while it is still held; whoever opened it meanwhile sees that and opens again.
        try
        {
            if (removed is not null) Files.Unlink(place, removed);
        }
        catch (FileSystemException error) when (error.Error is Errno.NotFound or Errno.ReadOnly or Errno.AccessDenied)
        {
            // A leftover file harms nobody; the lock is what counts.
        }
        finally
        {
            held.Dispose();
            place.Dispose();
        }
    }
}
