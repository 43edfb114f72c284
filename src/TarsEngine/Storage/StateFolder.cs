using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>
/// Where a codebase's state lies: '.git/tars' where the git directory is on the codebase's own device, else '.tars' at its root.
/// Nobody but its owner may look inside.
/// </summary>
public sealed class StateFolder
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly string holder;

    private StateFolder(string root)
    {
        Root = root;
        holder = string.Create(CultureInfo.InvariantCulture,
            $"process {Environment.ProcessId} ({Path.GetFileName(Environment.ProcessPath) ?? "tarscli"})");
    }

    public string Root { get; }

    /// <summary>The database's file.</summary>
    public string Database => In("state.db");

    /// <summary>Contents by hash.</summary>
    public string Objects => In("objects");

    /// <summary>Where transactions put what they displace; on the codebase's file system.</summary>
    public string Stage => In("stage");
    public string Workspaces => In("workspaces");
    public string Layers => In("layers");
    public string Logs => In("logs");
    private string Locks => In("locks");

    /// <summary>Finds the state's folder, or makes it. Harmless to repeat, also after it was cut short.</summary>
    /// <param name="codebaseRoot">Absolute.</param>
    /// <param name="gitDirectory">The git directory (a worktree's own one); null without git.</param>
    /// <exception cref="StateException">A symlink or a file stands where the folder belongs, or it can't be made.</exception>
    public static StateFolder Create(string codebaseRoot, string? gitDirectory, FileSystem files)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("The state folder needs Linux; Windows is not supported yet.");
        var own = Path.Combine(codebaseRoot, ".tars");
        // A '.tars' in a clone may have come with it: what a repository holds is never our state while git's own folder can hold it.
        var inGit = gitDirectory is not null && SameDevice(codebaseRoot, gitDirectory, files);
        var folder = new StateFolder(inGit ? Path.Combine(gitDirectory!, "tars") : own);
        try
        {
            MakeFolder(folder.Root);
            if (!inGit) IgnoreAll(folder.In(".gitignore"));
            foreach (var part in (string[])[folder.Objects, folder.Stage, folder.Workspaces, folder.Layers, folder.Logs, folder.Locks]) MakeFolder(part);
        }
        catch (Exception error) when (error is UnauthorizedAccessException || (error is IOException and not FileSystemException))
        {
            throw new StateException(StateProblem.Disk,
                $"The state folder '{folder.Root}' can't be made: {error.Message} Check that you own the folder above it and that the disk is writable and not full.", error);
        }
        return folder;
    }

    /// <summary>Takes a lock, waiting for who holds it.</summary>
    /// <param name="name">Small letters, digits and dashes: 'commit', 'run-CTX-7'.</param>
    /// <param name="waiting">Told once when there is something to wait for.</param>
    /// <exception cref="StateException">Still held after the wait; the message names the holder.</exception>
    public FileLock Acquire(string name, TimeSpan wait, Action<string>? waiting = null) =>
        FileLock.Take(LockFile(name), holder, wait, waiting, IsPerRun(name));

    /// <summary>Takes a lock if nobody holds it.</summary>
    public FileLock? TryAcquire(string name) => FileLock.TryTake(LockFile(name), holder, IsPerRun(name));

    /// <summary>Who took a lock last, for people.</summary>
    public string HolderOf(string name) => FileLock.Holder(LockFile(name));

    /// <summary>The locks whose names begin so, held ones and those of killed processes; taking and letting go of one removes it.</summary>
    internal IReadOnlyList<string> RunLocks(string prefix) =>
        [.. Directory.EnumerateFiles(Locks, prefix + "*.lock").Select(Path.GetFileNameWithoutExtension).OfType<string>().Where(IsPerRun)];

    private static bool IsPerRun(string name) => name.StartsWith("run-", StringComparison.Ordinal);

    private static bool SameDevice(string one, string other, FileSystem files)
    {
        using var first = files.OpenRoot(one);
        using var second = files.OpenRoot(other);
        return first.Device == second.Device;
    }

    private static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = new DirectoryInfo(path);
        if (folder.LinkTarget is not null || File.Exists(path))
        {
            throw new StateException(StateProblem.Disk,
                $"'{path}' must be a folder of the state and is a {(folder.LinkTarget is null ? "file" : "symlink")}. Move it away, then run the command again.");
        }
        if (!folder.Exists) Directory.CreateDirectory(path, OwnerOnly);
        else if (folder.UnixFileMode != OwnerOnly) folder.UnixFileMode = OwnerOnly;
    }

    private static void IgnoreAll(string path)
    {
        if (!File.Exists(path)) File.WriteAllText(path, "*\n");
    }

    private string In(string name) => Path.Combine(Root, name);

    private string LockFile(string name) => name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
        ? Path.Combine(Locks, name + ".lock")
        : throw new ArgumentException($"'{name}' is no name of a lock: letters, digits and dashes only.", nameof(name));
}
