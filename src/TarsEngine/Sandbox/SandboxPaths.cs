namespace TarsEngine.Sandbox;

/// <summary>Where things are on the host, for the sandbox. Nothing here is looked up in the process's own environment.</summary>
/// <param name="StateFolder">Holds workspaces and logs; never visible inside.</param>
/// <param name="PackageFolder">NuGet's global packages folder; read-only inside. May be absent.</param>
/// <param name="Toolchains">Toolchains outside /usr, read-only inside at their own place.</param>
/// <param name="Bubblewrap">The absolute path of bwrap, or null when the host has none.</param>
public sealed record SandboxPaths(string StateFolder, string PackageFolder, IReadOnlyList<ToolchainFolder> Toolchains, string? Bubblewrap)
{
    /// <summary>Folders of the user's PATH that are not shown inside: none of the known toolchains lies there.</summary>
    public IReadOnlyList<string> FoldersLeftOut { get; init; } = [];

    /// <summary>The absolute path of nsenter, which opens a command's network; null when the host has none.</summary>
    public string? Nsenter { get; init; }

    internal string WorkspacesFolder => Path.Combine(StateFolder, "workspaces");

    internal string LogsFolder => Path.Combine(StateFolder, "logs");

    /// <summary>Finds bubblewrap, the package folder and the toolchains from the user's environment (PATH, HOME, NUGET_PACKAGES, DOTNET_ROOT, …).</summary>
    /// <param name="codebase">Nothing in it is taken for a toolchain of the user's.</param>
    public static SandboxPaths Discover(IReadOnlyDictionary<string, string> environment, string stateFolder, string? codebase = null)
    {
        var programs = environment.GetValueOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin").Split(':').Where(folder => folder.StartsWith('/')).ToList();
        var packages = environment.GetValueOrDefault("NUGET_PACKAGES");
        if (string.IsNullOrEmpty(packages)) packages = Path.Combine(environment.GetValueOrDefault("HOME") ?? "/nonexistent", ".nuget/packages");
        var forbidden = codebase is null ? (IReadOnlyList<string>)[RealPath.Of(stateFolder)] : [RealPath.Of(stateFolder), RealPath.Of(codebase)];
        var toolchains = new ToolchainDiscovery(environment, forbidden).Find(programs);
        return new(stateFolder, packages, toolchains.Found, FindProgram("bwrap", programs, codebase))
        {
            FoldersLeftOut = toolchains.Left,
            Nsenter = FindProgram("nsenter", programs.Append("/usr/bin"), codebase),
        };
    }

    internal static bool IsUnder(string path, string folder) =>
        path == folder || path.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal);

    // A PATH may hold folders of the codebase ('./bin', a virtual environment): what lies there is the change's, not the host's.
    private static string? FindProgram(string name, IEnumerable<string> folders, string? codebase) =>
        folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(program => File.Exists(program) && (codebase is null || !IsUnder(RealPath.Of(program), RealPath.Of(codebase))));
}
