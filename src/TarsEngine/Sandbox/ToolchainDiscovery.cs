namespace TarsEngine.Sandbox;

/// <summary>
/// Finds toolchains outside /usr from the user's environment: what its PATH leads to, and the usual variables and places. Only
/// what makes up the toolchain is named, so that secrets which lie beside it stay outside.
/// </summary>
/// <param name="environment">The user's; nothing is looked up in this process's own.</param>
/// <param name="forbidden">Folders that no toolchain may lie in or contain: the codebase, the state.</param>
internal sealed class ToolchainDiscovery(IReadOnlyDictionary<string, string> environment, IReadOnlyList<string> forbidden)
{
    // What an installation prefix is made of. Not 'etc' (npmrc) and nothing at its top (pip.conf).
    private static readonly string[] prefixParts = ["bin", "lib", "lib32", "lib64", "libexec", "include", "share"];
    private static readonly string[] dotnetParts =
        ["dotnet", "host", "packs", "sdk", "sdk-manifests", "shared", "templates", "metadata", "library-packs", "LICENSE.txt", "ThirdPartyNotices.txt"];
    private static readonly string[] javaParts = [.. prefixParts, "jre", "jmods", "legal", "release", "conf"];
    private static readonly string[] goParts = [.. prefixParts, "pkg", "src", "misc", "go.env", "VERSION"];
    private static readonly string[] toolParts = [.. prefixParts, "boot", "plugins", "init.d"];
    private static readonly string[] system = ["/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev"];

    private readonly string? home = NotEmpty(environment, "HOME");
    private readonly Dictionary<string, ToolchainFolder> found = new(StringComparer.Ordinal);
    private readonly List<string> left = [];

    public ToolchainFindings Find(IEnumerable<string> pathFolders)
    {
        foreach (var folder in pathFolders.Where(Directory.Exists).Distinct(StringComparer.Ordinal))
        {
            if (IsSystem(RealPath.Of(folder)) && !Leads(folder)) continue;
            if (!Recognise(folder)) left.Add(folder);
        }
        if (Folder("DOTNET_ROOT", ".dotnet") is { } dotnet) Dotnet(dotnet);
        if (Folder("NVM_BIN", null) is { } node) Recognise(node);
        foreach (var name in (string[])["JAVA_HOME", "GOROOT"])
        {
            if (Folder(name, null) is { } root) Recognise(Path.Combine(root, "bin"));
        }
        return new([.. found.Values], left);
    }

    /// <summary>A folder of the system may hold links to a toolchain: /usr/local/bin/dotnet.</summary>
    private static bool Leads(string folder) =>
        ((string[])["dotnet", "node", "go", "java"]).Any(name => File.Exists(Path.Combine(folder, name)) && !IsSystem(RealPath.Of(Path.Combine(folder, name))));

    private bool Recognise(string folder)
    {
        // Not 'or': one folder may lead to several.
        var known = Pyenv(folder);
        known |= Cargo(folder);
        known |= RealOf(folder, "dotnet") is { } dotnet && Dotnet(Path.GetDirectoryName(dotnet)!);
        known |= Prefix(folder, "node", "node", prefixParts);
        known |= Prefix(folder, "python3", "python", prefixParts);
        known |= Prefix(folder, "go", "go", goParts, "GOROOT", root => Directory.Exists(Path.Combine(root, "pkg")));
        known |= Prefix(folder, "java", "java", javaParts, "JAVA_HOME", root => File.Exists(Path.Combine(root, "release")));
        return known || Tool(folder);
    }

    private bool Dotnet(string folder)
    {
        var root = RealPath.Of(folder);
        return File.Exists(Path.Combine(root, "dotnet")) && Directory.Exists(Path.Combine(root, "sdk"))
            && Add("dotnet", root, Parts(root, dotnetParts), [root], ("DOTNET_ROOT", root));
    }

    /// <summary>A program whose real place is PREFIX/bin.</summary>
    private bool Prefix(string folder, string program, string name, string[] parts, string? variable = null, Func<string, bool>? isOne = null)
    {
        if (RealOf(folder, program) is not { } real || Path.GetFileName(Path.GetDirectoryName(real)) != "bin") return false;
        var root = Path.GetDirectoryName(Path.GetDirectoryName(real))!;
        return (isOne is null || isOne(root))
            && Add($"{name} ({Path.GetFileName(root)})", root, Parts(root, parts), [Path.Combine(root, "bin")], variable is null ? [] : [(variable, root)]);
    }

    private bool Pyenv(string folder)
    {
        var root = Folder("PYENV_ROOT", ".pyenv");
        if (root is null || RealPath.Of(folder) != RealPath.Of(Path.Combine(root, "shims"))) return false;
        var chosen = NotEmpty(environment, "PYENV_VERSION")?.Split(':')
            ?? (File.Exists(Path.Combine(root, "version")) ? File.ReadAllLines(Path.Combine(root, "version")) : []);
        foreach (var version in chosen.Select(line => line.Trim()).Where(line => line.Length > 0 && line.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_')))
            Prefix(Path.Combine(root, "versions", version, "bin"), "python3", "python", prefixParts);
        return true;
    }

    private bool Cargo(string folder)
    {
        if (Folder("CARGO_HOME", ".cargo") is not { } cargo || RealPath.Of(folder) != RealPath.Of(Path.Combine(cargo, "bin"))) return false;
        var bin = RealPath.Of(folder);
        var rustup = Folder("RUSTUP_HOME", ".rustup") is { } given ? RealPath.Of(given) : null;
        // What lies in bin is rustup's, which can't work in a folder that it may not write: the toolchain's own programs come first.
        return Add("rust", Path.GetDirectoryName(bin)!, [bin, .. rustup is null ? [] : Parts(rustup, "toolchains", "settings.toml")],
            [.. rustup is not null && DefaultRust(rustup) is { } chosen ? Parts(rustup, Path.Combine("toolchains", chosen, "bin")) : [], bin], rustup is null ? [] : [("RUSTUP_HOME", rustup)]);
    }

    private string? DefaultRust(string rustup)
    {
        const string key = "default_toolchain";
        var file = Path.Combine(rustup, "settings.toml");
        var name = NotEmpty(environment, "RUSTUP_TOOLCHAIN")
            ?? (File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split('"').ElementAtOrDefault(1) : null);
        return name is null || name.Contains('/') ? null : name;
    }

    /// <summary>Other tools in /opt, which only the system's owner fills, and what sdkman installed.</summary>
    private bool Tool(string folder)
    {
        var real = RealPath.Of(folder);
        var root = Path.GetFileName(real) == "bin" ? Path.GetDirectoryName(real)! : real;
        var candidates = NotEmpty(environment, "SDKMAN_CANDIDATES_DIR") ?? (home is null ? null : Path.Combine(home, ".sdkman/candidates"));
        if (candidates is not null && Directory.Exists(candidates) && SandboxPaths.IsUnder(root, RealPath.Of(candidates)))
            return Add($"{Path.GetFileName(Path.GetDirectoryName(root))} ({Path.GetFileName(root)})", root, [.. Parts(root, toolParts), .. Settings(root)], [real]);
        return SandboxPaths.IsUnder(root, "/opt") && root != "/opt" && Add(Path.GetFileName(root), root, [root], [real]);
    }

    /// <summary>Maven's conf/ holds settings.xml, in which people keep passwords.</summary>
    private static string[] Settings(string root) =>
        Directory.Exists(Path.Combine(root, "conf")) ? [.. Directory.EnumerateFileSystemEntries(Path.Combine(root, "conf")).Where(path => Path.GetFileName(path) != "settings.xml")] : [];

    private bool Add(string name, string root, IReadOnlyList<string> shown, IReadOnlyList<string> programs, params IReadOnlyList<(string Name, string Value)> variables)
    {
        // What the system has is shown anyway.
        if (IsSystem(root)) return true;
        var isHome = home is not null && SandboxPaths.IsUnder(RealPath.Of(home), root);
        if (shown.Count == 0 || root == "/" || isHome || forbidden.Any(folder => SandboxPaths.IsUnder(root, folder) || SandboxPaths.IsUnder(folder, root))) return false;
        found.TryAdd(root, new(name, root, shown, programs, variables.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal)));
        return true;
    }

    private static IReadOnlyList<string> Parts(string root, params string[] names) =>
        [.. names.Select(name => Path.Combine(root, name)).Where(Path.Exists)];

    private static string? RealOf(string folder, string program) =>
        Path.Combine(folder, program) is var path && File.Exists(path) ? RealPath.Of(path) : null;

    private string? Folder(string variable, string? underHome) =>
        NotEmpty(environment, variable) is { } given && given.StartsWith('/') ? Existing(given)
        : home is not null && underHome is not null ? Existing(Path.Combine(home, underHome)) : null;

    private static string? Existing(string folder) => Directory.Exists(folder) ? folder : null;

    private static bool IsSystem(string path) => system.Any(folder => SandboxPaths.IsUnder(path, folder));

    private static string? NotEmpty(IReadOnlyDictionary<string, string> environment, string name) =>
        environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
}
