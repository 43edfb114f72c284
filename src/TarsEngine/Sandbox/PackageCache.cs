using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Sandbox;

/// <summary>
/// The user's NuGet packages, read-only inside the sandbox, which has no network. What a restore misses there is named,
/// with the command that fetches it: fetching is the user's step, never the change's.
/// </summary>
public sealed partial class PackageCache(SandboxPaths paths)
{
    private const int FilesToSearch = 2000;
    private const long LargestProject = 4 << 20;

    /// <summary>The packages that a restore, build or test said it lacks, each once; empty when nothing points at packages.</summary>
    /// <param name="output">The command's lines.</param>
    /// <param name="workspace">Where it ran: its projects tell the version where the message doesn't.</param>
    public IReadOnlyList<Finding> MissingPackages(IEnumerable<string> output, Workspace? workspace = null)
    {
        var findings = new Dictionary<string, Finding>(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, string>? declared = null;
        foreach (var line in output)
        {
            if (Missing().Match(line) is { Success: true } missing)
            {
                var name = missing.Groups["name"].Value;
                var version = missing.Groups["version"].Success ? LowestOf(missing.Groups["version"].Value) : Declared(name);
                findings.TryAdd(name, Lacks(name, version));
            }
            else if (Source().Match(line) is { Success: true } source)
            {
                var name = source.Groups["source"].Value;
                findings.TryAdd(name, new(Severity.Error, "packages/source",
                    $"The package source '{ByteText.Display(name)}' can't be reached: the sandbox has no network, its only source is the package cache.",
                    Remedy: "Run 'dotnet restore' in the codebase, so that the packages are in the cache; a <RestoreSources> of a project keeps the cache from being used, remove it."));
            }
            else if (Substituted().Match(line) is { Success: true } other)
            {
                var (name, version) = (other.Groups["name"].Value, LowestOf(other.Groups["version"].Value));
                findings.TryAdd(name, new(Severity.Warning, "packages/substituted",
                    $"{name} {version} is not in the package cache; NuGet took {other.Groups["taken"].Value} instead.", Remedy: Fetch(name, version)));
            }
            else if (line.Contains("error NETSDK1004", StringComparison.Ordinal))
            {
                findings.TryAdd("NETSDK1004", new(Severity.Error, "packages/not-restored", "A project was built that has not been restored.",
                    Remedy: "Have 'dotnet restore' run before it: configure a restore check, or add the project to the solution."));
            }
        }
        return [.. findings.Values];

        string? Declared(string name) => (declared ??= workspace is null ? [] : ReadDeclared(workspace.Folder)).GetValueOrDefault(name);
    }

    private Finding Lacks(string name, string? version) => new(
        Severity.Error, "packages/missing",
        $"The package {name}{(version is null ? "" : " " + version)} is not in the package cache ({paths.PackageFolder}), and the sandbox has no network.",
        Remedy: Fetch(name, version));

    private string Fetch(string name, string? version) =>
        $"Fetch what the codebase already uses with 'dotnet restore' in it; a new package with: dotnet package download {name}{(version is null ? "" : "@" + version)} --output '{paths.PackageFolder}'";

    /// <summary>'(>= 1.2.3 &amp;&amp; &lt; 2.0.0)', '(= 1.2.3)', '>= 1.2.3': the lowest version meant.</summary>
    private static string LowestOf(string range) => Version().Match(range) is { Success: true } version ? version.Value : range;

    /// <summary>The versions that the workspace's projects give to packages. What can't be read is passed over: this only makes a message better.</summary>
    private static Dictionary<string, string> ReadDeclared(string folder)
    {
        var versions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        var projects = Directory.EnumerateFiles(folder, "*.*proj", options).Concat(Directory.EnumerateFiles(folder, "*.props", options)).Take(FilesToSearch);
        foreach (var file in projects.Where(file => new FileInfo(file) is { LinkTarget: null, Length: < LargestProject }))
        {
            try
            {
                using var reader = XmlReader.Create(file, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
                foreach (var element in XDocument.Load(reader).Descendants())
                {
                    if (element.Name.LocalName is not ("PackageReference" or "PackageVersion" or "PackageDownload")) continue;
                    var name = (string?)element.Attribute("Include") ?? (string?)element.Attribute("Update");
                    var version = (string?)element.Attribute("Version") ?? element.Elements().FirstOrDefault(child => child.Name.LocalName == "Version")?.Value;
                    if (name is not null && version is not null && !version.Contains('$')) versions[name] = LowestOf(version);
                }
            }
            catch (Exception failure) when (failure is XmlException or IOException or UnauthorizedAccessException)
            {
                // Another check says what is wrong with this file.
            }
        }
        return versions;
    }

    [GeneratedRegex(@"\bNU110[0123]: Unable to (?:find|resolve)(?: a stable)?(?: package)? '?(?<name>[A-Za-z0-9_][A-Za-z0-9_.\-]*[A-Za-z0-9_])(?: with version \((?<version>[^)]*)\)| \((?<version>[^)]*)\))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Missing();

    [GeneratedRegex(@"\bNU1301: .*? for source '?(?<source>[^'\s]+?)'?[.:]?(?:\s|$)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Source();

    [GeneratedRegex(@"\bNU1603: .*? depends on (?<name>[A-Za-z0-9_.\-]+) \((?<version>[^)]*)\) but .*? was not found\..*? (?<taken>[0-9][^\s]*) was resolved", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Substituted();

    [GeneratedRegex(@"[0-9][A-Za-z0-9.\-+]*", RegexOptions.None, 1000)]
    private static partial Regex Version();
}
