using System.Globalization;
using TarsEngine.Files;
using TarsEngine.Sandbox.Network;
using TarsEngine.Sandbox.Packages;

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
    // Public parts only: whoever runs as root may read the private keys beside them.
    private static readonly string[] hostFiles =
    [
        "/etc/ssl/certs", "/etc/ssl/openssl.cnf", "/etc/pki/tls/certs", "/etc/pki/tls/cert.pem", "/etc/pki/tls/openssl.cnf", "/etc/pki/ca-trust/extracted",
        "/etc/ca-certificates/extracted", "/etc/crypto-policies", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/dotnet",
    ];

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
        foreach (var path in hostFiles) Add("--ro-bind-try", path, path);
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
        foreach (var (folder, inside) in Fetched(paths)) Add("--ro-bind", folder, inside);
        if (workspace is not null) Add("--bind", workspace, SandboxLayout.Codebase);
        // A codebase below /usr or a toolchain: its state would be visible with it.
        if (paths.Toolchains.SelectMany(toolchain => toolchain.Shown).Append("/usr").Append(paths.PackageFolder).Any(shown => SandboxPaths.IsUnder(paths.StateFolder, shown)))
            Add("--tmpfs", paths.StateFolder, "--remount-ro", paths.StateFolder);
        foreach (var bind in command.Binds) Add(bind.Writable ? "--bind" : "--ro-bind", bind.HostFolder, bind.InsidePath);
    }

    private void AddEnvironment(SandboxPaths paths, SandboxCommand command)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = string.Join(':', SandboxLayout.ProgramFolders(paths)),
            ["HOME"] = "/tmp/home",
            ["TMPDIR"] = "/tmp",
            ["LANG"] = "C.UTF-8",
            ["DOTNET_CLI_HOME"] = "/tmp/home",
            ["NUGET_PACKAGES"] = SandboxLayout.Packages,
            ["RestoreSources"] = SandboxLayout.Packages,
            ["NuGetAudit"] = "false",
            ["DOTNET_NOLOGO"] = "1",
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
            ["DOTNET_SKIP_FIRST_TIME_EXPERIENCE"] = "1",
            ["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0",
            ["npm_config_audit"] = "false",
            ["npm_config_fund"] = "false",
            ["npm_config_update_notifier"] = "false",
            ["npm_config_logs_dir"] = "/tmp/npm-logs",
            // Without these, servers stay behind after a build and hold its folders.
            ["MSBUILDDISABLENODEREUSE"] = "1",
            ["UseSharedCompilation"] = "false",
            // The SDK otherwise warns of, and loads, what it finds for other users.
            ["DOTNET_GENERATE_ASPNET_CERTIFICATE"] = "false",
        };
        foreach (var (_, inside) in Fetched(paths)) variables[inside == SandboxLayout.FetchedNpm ? "npm_config_cache" : "RestoreFallbackFolders"] = inside;
        // It would otherwise try for minutes.
        if (!SandboxNetwork.IsNeeded(command)) variables["npm_config_offline"] = "true";
        // The first of a kind is the one that the user's own PATH finds.
        foreach (var (name, value) in paths.Toolchains.SelectMany(toolchain => toolchain.Variables)) variables.TryAdd(name, value);
        foreach (var (name, value) in NetworkVariables.Of(command).Concat(command.Environment.Select(pair => (pair.Key, pair.Value)))) variables[name] = value;
        Add("--clearenv");
        foreach (var (name, value) in variables)
        {
            if (name.Length == 0 || name.Contains('=')) throw new ArgumentException($"'{ByteText.Display(name)}' is no name of an environment variable.", nameof(command));
            Add("--setenv", name, value);
        }
    }

    private static IEnumerable<(string Folder, string Inside)> Fetched(SandboxPaths paths)
    {
        var root = PackageCache.FolderIn(paths.StateFolder);
        foreach (var inside in (string[])[SandboxLayout.FetchedNuget, SandboxLayout.FetchedNpm])
        {
            var folder = Path.Combine(root, Path.GetFileName(inside));
            if (Directory.Exists(folder)) yield return (folder, inside);
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
