using System.Globalization;
using TarsEngine.Sandbox;

namespace TarsEngine.Terminal.Dependencies;

/// <summary>How one package is installed, and what the run after it needs.</summary>
/// <param name="Arguments">The command; it runs in the sandbox with the codebase's files as working folder.</param>
/// <param name="Registry">The one host that it may speak to; null for none.</param>
internal sealed record InstallPlan(IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, Uri? Registry)
{
    /// <summary>Where packages go: a folder of the workspace, writable while they are installed and read-only afterwards.</summary>
    public const string Packages = "/packages";

    /// <summary>Where a folder of the host with packages is seen.</summary>
    public const string Source = "/package-source";

    /// <summary>What the run after it gets besides <see cref="Packages"/>.</summary>
    public IReadOnlyDictionary<string, string> RunEnvironment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Under the packages' folder, what has to be seen at another place as well.</summary>
    public (string Folder, string InsidePath)? RunBind { get; init; }
}

/// <summary>Plans the command for each ecosystem. No package's own script runs: wheels only for Python, no scripts for Node.</summary>
/// <param name="source">An absolute folder, or the address of a registry; null: the public one.</param>
internal sealed class InstallPlanner(string? source)
{
    private bool IsFolder => source?.StartsWith('/') == true;

    public static string PublicRegistry(Failures.Ecosystem ecosystem) => ecosystem switch
    {
        Failures.Ecosystem.Python => "https://pypi.org/simple/",
        Failures.Ecosystem.Node => "https://registry.npmjs.org/",
        _ => "https://api.nuget.org/v3/index.json",
    };

    /// <param name="manifests">Names of files at the script's top that say which versions it wants.</param>
    /// <param name="entry">What is restored for C#: a file or a project.</param>
    public InstallPlan Plan(MissingPackage missing, IReadOnlySet<string> manifests, string entry) => missing.Ecosystem switch
    {
        Failures.Ecosystem.Python => Python(missing.Package, manifests),
        Failures.Ecosystem.Node => Node(missing.Package, manifests),
        Failures.Ecosystem.Dotnet => Dotnet(missing.Package, entry),
        _ => throw new ArgumentOutOfRangeException(nameof(missing), missing.Ecosystem, "It has no packages."),
    };

    private Uri? Registry(Failures.Ecosystem ecosystem) => IsFolder ? null : new Uri(source ?? PublicRegistry(ecosystem));

    private InstallPlan Python(string package, IReadOnlySet<string> manifests)
    {
        var registry = Registry(Failures.Ecosystem.Python);
        List<string> arguments = ["python3", "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-warn-script-location", "--only-binary", ":all:", "--target", InstallPlan.Packages + "/python"];
        arguments.AddRange(registry is null ? ["--no-index", "--find-links", InstallPlan.Source] : ["--index-url", registry.AbsoluteUri]);
        // What fixes versions (and hashes) is honoured as a whole: pip checks every hash as soon as one is there.
        if (manifests.Contains("requirements.txt")) arguments.AddRange(["-r", "requirements.txt"]);
        arguments.AddRange(manifests.Contains("requirements.txt") ? [] : ["--", package]);
        return new(arguments, Plain, registry) { RunEnvironment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PYTHONPATH"] = InstallPlan.Packages + "/python" } };
    }

    private InstallPlan Node(string package, IReadOnlySet<string> manifests)
    {
        var registry = Registry(Failures.Ecosystem.Node);
        List<string> options = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"];
        options.AddRange(registry is null ? ["--offline"] : ["--registry", registry.AbsoluteUri]);
        // A scoped package's file is named '@scope/name' → 'scope-name'.
        var file = package.TrimStart('@').Replace('/', '-');
        string[] command =
            registry is null ? ["sh", "-c", """cd /packages && set -- "$@" && file=$(ls -v /package-source/"$FILE"-[0-9]*.tgz 2>/dev/null | tail -n 1) && [ -n "$file" ] || { echo "no file $FILE-*.tgz in the source folder" >&2; exit 1; }; exec npm install --no-save "$@" -- "$file" """, "sh", .. options]
            : manifests.Contains("package-lock.json") && manifests.Contains("package.json") ? ["sh", "-c", """cp -- package.json package-lock.json /packages/ && cd /packages && exec npm ci --omit=dev "$@" """, "sh", .. options]
            : ["npm", "install", "--prefix", InstallPlan.Packages, "--no-save", .. options, "--", package];
        return new(command, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["FILE"] = file,
            // What was fetched for the codebase is read-only, and npm writes into the cache that it reads.
            ["npm_config_cache"] = "/tmp/npm-cache",
        }, registry)
        {
            // Every folder's look-up ends at the root's, for modules of both kinds.
            RunBind = ("node_modules", "/node_modules"),
        };
    }

    private InstallPlan Dotnet(string package, string entry)
    {
        var registry = Registry(Failures.Ecosystem.Dotnet);
        var added = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["NUGET_PACKAGES"] = InstallPlan.Packages + "/nuget",
            // Besides the folder of what was fetched for the codebase, which the sandbox names itself.
            ["RestoreAdditionalProjectFallbackFolders"] = SandboxLayout.Packages,
            // MSBuild reads it before a project's own text: no file of the script changes, and neither do its line numbers.
            ["CustomBeforeDirectoryBuildProps"] = InstallPlan.Packages + "/added.props",
        };
        var props = string.Create(CultureInfo.InvariantCulture, $"<Project><ItemGroup><PackageReference Include=\"{package}\" Version=\"*\" /></ItemGroup></Project>");
        return new(
            ["sh", "-c", """mkdir -p /packages/nuget && printf '%s\n' "$1" > /packages/added.props && exec dotnet restore -p:PublishAot=false "$2" """, "sh", props, entry],
            new Dictionary<string, string>(added, StringComparer.Ordinal) { ["RestoreSources"] = registry?.AbsoluteUri ?? InstallPlan.Source, ["DOTNET_SKIP_WORKLOAD_INTEGRITY_CHECK"] = "1" }, registry)
        {
            RunEnvironment = new Dictionary<string, string>(added, StringComparer.Ordinal) { ["RestoreSources"] = $"{InstallPlan.Packages}/nuget;{SandboxLayout.Packages}" },
        };
    }

    private static IReadOnlyDictionary<string, string> Plain { get; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
