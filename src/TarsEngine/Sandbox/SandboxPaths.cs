namespace TarsEngine.Sandbox;

/// <summary>Where things are on the host, for the sandbox. Nothing here is looked up in the process's own environment.</summary>
/// <param name="StateFolder">Holds workspaces and logs; never visible inside.</param>
/// <param name="PackageFolder">NuGet's global packages folder; read-only inside. May be absent.</param>
/// <param name="ToolchainFolders">Toolchains outside /usr, bound read-only at their own place; each with its programs directly inside or in bin/.</param>
/// <param name="Bubblewrap">The absolute path of bwrap, or null when the host has none.</param>
public sealed record SandboxPaths(string StateFolder, string PackageFolder, IReadOnlyList<string> ToolchainFolders, string? Bubblewrap)
{
    internal string WorkspacesFolder => Path.Combine(StateFolder, "workspaces");

    internal string LogsFolder => Path.Combine(StateFolder, "logs");

    /// <summary>Finds bubblewrap, the package folder and the toolchains from the user's environment (PATH, HOME, NUGET_PACKAGES, DOTNET_ROOT).</summary>
    public static SandboxPaths Discover(IReadOnlyDictionary<string, string> environment, string stateFolder)
    {
        var home = environment.GetValueOrDefault("HOME");
        var programs = environment.GetValueOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").Split(':').Where(folder => folder.StartsWith('/')).ToList();
        var packages = environment.GetValueOrDefault("NUGET_PACKAGES");
        if (string.IsNullOrEmpty(packages)) packages = Path.Combine(home ?? "/nonexistent", ".nuget/packages");

        List<string> candidates = [environment.GetValueOrDefault("DOTNET_ROOT") ?? ""];
        if (home is not null) candidates.Add(Path.Combine(home, ".dotnet"));
        // A 'dotnet' on the PATH may be a link into its toolchain.
        candidates.AddRange(programs.Select(folder => Path.Combine(folder, "dotnet")).Where(File.Exists).Select(Real).Select(program => Path.GetDirectoryName(program)!));
        var toolchains = candidates
            .Where(folder => folder.StartsWith('/') && File.Exists(Path.Combine(folder, "dotnet")) && Directory.Exists(Path.Combine(folder, "sdk")))
            .Select(Real)
            .Where(folder => !IsUnder(folder, "/usr"))
            .Distinct(StringComparer.Ordinal);
        return new(stateFolder, packages, [.. toolchains], programs.Select(folder => Path.Combine(folder, "bwrap")).FirstOrDefault(File.Exists));
    }

    internal static bool IsUnder(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static string Real(string path)
    {
        FileSystemInfo info = Directory.Exists(path) ? new DirectoryInfo(path) : new FileInfo(path);
        return info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }
}
