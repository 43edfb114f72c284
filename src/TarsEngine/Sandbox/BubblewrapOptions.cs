using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>What this host's bubblewrap can do.</summary>
/// <param name="Program">Its absolute path.</param>
/// <param name="HasSize">Can limit a tmpfs.</param>
/// <param name="HasDisableUserns">Can forbid nested user namespaces (the filter forbids them as well).</param>
internal sealed record Bubblewrap(string Program, string Version, bool HasSize, bool HasDisableUserns);

/// <summary>
/// Builds bubblewrap's options: an allow-list root. Everything is named here; nothing of the host is visible that is not.
/// They go through a descriptor, so that neither they nor the environment show in the process list, inside or outside.
/// </summary>
internal sealed class BubblewrapOptions
{
    private readonly List<string> options = [];

    private BubblewrapOptions()
    {
    }

    /// <summary>Descriptors that the options refer to, by what they hold.</summary>
    public sealed record Numbers(int Seccomp, int Info, int Block, int Passwd, int Group, int Hosts);

    public static byte[] Build(Bubblewrap program, SandboxPaths paths, string? workspace, SandboxCommand command, Numbers numbers, SandboxSeams? seams = null)
    {
        var built = new BubblewrapOptions();
        built.AddIsolation(program, numbers);
        built.AddSystem(paths, numbers);
        built.AddTemporary(program, command.Limits);
        built.AddFolders(paths, workspace, command);
        built.Add("--remount-ro", "/");
        built.AddEnvironment(paths, command);
        built.Add("--chdir", "/");
        return [.. (seams is null ? built.options : seams.Options(built.options)).SelectMany(option => (byte[])[.. ByteText.Encode(option), 0])];
    }

    private void Add(params ReadOnlySpan<string> more)
    {
        foreach (var option in more)
        {
            if (option.Contains('\0')) throw new ArgumentException($"'{ByteText.Display(option)}' holds a NUL character: no program can be given that.", nameof(more));
            options.Add(option);
        }
    }

    private void AddIsolation(Bubblewrap program, Numbers numbers)
    {
        Add("--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try");
        if (program.HasDisableUserns) Add("--disable-userns");
        Add("--uid", "1000", "--gid", "1000", "--hostname", "box", "--cap-drop", "ALL", "--die-with-parent", "--new-session");
        Add("--seccomp", Text(numbers.Seccomp), "--info-fd", Text(numbers.Info), "--block-fd", Text(numbers.Block));
    }

    private void AddSystem(SandboxPaths paths, Numbers numbers)
    {
        Add("--ro-bind", "/usr", "/usr");
        foreach (var folder in new[] { "/bin", "/sbin", "/lib", "/lib32", "/lib64" })
        {
            var target = new DirectoryInfo(folder).LinkTarget;
            if (target is not null) Add("--symlink", target, folder);
            else if (Directory.Exists(folder)) Add("--ro-bind", folder, folder);
        }
        foreach (var path in ShownFiles.Host) Add("--ro-bind-try", path, path);
        Add("--ro-bind-data", Text(numbers.Passwd), "/etc/passwd", "--ro-bind-data", Text(numbers.Group), "/etc/group", "--ro-bind-data", Text(numbers.Hosts), "/etc/hosts");
    }

    private void AddTemporary(Bubblewrap program, SandboxLimits limits)
    {
        Add("--dev", "/dev", "--proc", "/proc");
        // Where root runs it, what root owns would be the command's own: kernel settings in /proc/sys and, through /proc/1/exe, the mode of
        // the host's bwrap. For the host's device nodes see ReadOnlyDevices.
        Add("--tmpfs", "/proc/1", "--remount-ro", "/proc/1", "--remount-ro", "/proc");
        if (program.HasSize) Add("--size", "268435456");
        Add("--tmpfs", "/dev/shm");
        if (program.HasSize) Add("--size", Text(limits.TemporaryBytes));
        Add("--tmpfs", "/tmp", "--dir", "/tmp/home", "--dir", "/run");
    }

    private void AddFolders(SandboxPaths paths, string? workspace, SandboxCommand command)
    {
        // After /tmp: a toolchain may lie there.
        foreach (var path in paths.Toolchains.SelectMany(toolchain => toolchain.Shown)) Add("--ro-bind", path, path);
        if (Directory.Exists(paths.PackageFolder)) Add("--ro-bind", paths.PackageFolder, SandboxLayout.Packages);
        else Add("--dir", SandboxLayout.Packages);
        foreach (var (folder, inside) in ShownFiles.Fetched(paths)) Add("--ro-bind", folder, inside);
        if (workspace is not null) Add("--bind", workspace, SandboxLayout.Codebase);
        // A codebase below /usr or a toolchain: its state would be visible with it.
        if (paths.Toolchains.SelectMany(toolchain => toolchain.Shown).Append("/usr").Append(paths.PackageFolder).Any(shown => SandboxPaths.IsUnder(paths.StateFolder, shown)))
            Add("--tmpfs", paths.StateFolder, "--remount-ro", paths.StateFolder);
        foreach (var bind in command.Binds) Add(bind.Writable ? "--bind" : "--ro-bind", bind.HostFolder, bind.InsidePath);
    }

    private void AddEnvironment(SandboxPaths paths, SandboxCommand command)
    {
        Add("--clearenv");
        foreach (var (name, value) in SandboxVariables.Of(paths, command)) Add("--setenv", name, value);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
