using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Configuration;

/// <summary>One configuration file to a layer; every key is read here and documented in docs/configuration.md.</summary>
internal sealed class ConfigurationFileReader(DocumentProblems problems, bool fromRepository)
{
    /// <summary>Configuration is short; a megabyte of it is a mistake or an attack.</summary>
    public const int MaxLength = 1024 * 1024;

    private const string ProtectedPaths = "protected-paths";

    private static readonly TimeSpan LeastTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MostTimeout = TimeSpan.FromHours(24);
    private static readonly string[] Ecosystems = ["python", "node", "dotnet"];

    public static ConfigurationLayer Read(string text, string sourceName, bool fromRepository, out IReadOnlyList<DocumentProblem> problems)
    {
        var document = DocumentReader.Read(text, sourceName, MaxLength);
        problems = document.Problems.List;
        if (document.Root is null or ScalarNode { IsNull: true }) return new();
        var map = MapReader.Root(document, "The configuration");
        return map is null ? new() : new ConfigurationFileReader(document.Problems, fromRepository).Read(map);
    }

    private ConfigurationLayer Read(MapReader map)
    {
        if (map.Has("schema")) map.Schema("tars/config", 1);
        var layer = new ConfigurationLayer
        {
            Checks = map.OptionalMaps("checks") is { } checks ? ReadChecks(checks) : null,
            Dotnet = map.OptionalMap("dotnet") is { } dotnet ? ReadDotnet(dotnet) : null,
            Keep = map.OptionalMap("keep") is { } keep ? ReadKeep(keep) : null,
            Dependencies = map.OptionalMap("dependencies") is { } dependencies ? ReadDependencies(dependencies) : null,
            Policy = new PolicyReader(problems, fromRepository ? RuleAuthor.Repository : RuleAuthor.User).Read(map),
        };
        if (Patterns(map, ProtectedPaths) is { Count: > 0 } paths) layer = layer with { Policy = layer.Policy with { Paths = [.. layer.Policy.Paths, Protect(paths, map)] } };
        layer = ReadPolicy(map, layer);
        // What stands under these two is read by those who run agents.
        layer = layer with { NamesAgents = map.Has("agents") };
        _ = map.Has("autonomous");
        map.Done();
        return layer;
    }

    private PathRule Protect(IReadOnlyList<PathPattern> paths, MapReader map) => new(
        ProtectedPaths, new(fromRepository ? RuleAuthor.Repository : RuleAuthor.User, problems.Source, map.Node(ProtectedPaths)!.Line), "", paths, [],
        null, Decision.Review, Decision.Review, Decision.Review);

    private static ConfigurationLayer ReadPolicy(MapReader map, ConfigurationLayer layer)
    {
        if (map.OptionalMap("review") is { } review)
        {
            layer = layer with { ApproveWhenValid = review.OptionalBool("approve-when-valid") };
            review.Done();
        }
        if (map.OptionalMap("allow") is { } allow)
        {
            layer = layer with
            {
                AllowUnvalidated = allow.OptionalBool("unvalidated"),
                AllowWithoutBackup = allow.OptionalBool("without-backup"),
                AllowUnproven = allow.OptionalBool("unproven"),
            };
            allow.Done();
        }
        if (map.OptionalMap("probe") is { } probe)
        {
            layer = layer with
            {
                Probe = probe.OptionalChoice("mode", "off", "tell", "hold") switch { "off" => ProbeMode.Off, "tell" => ProbeMode.Tell, "hold" => ProbeMode.Hold, _ => null },
                ProbeFaults = probe.OptionalInt("faults", 1, 1_000),
                ProbeTime = probe.OptionalDuration("time", LeastTimeout, MostTimeout),
            };
            probe.Done();
        }
        if (map.OptionalMap("tests") is { } tests)
        {
            layer = layer with { ImpactedFirst = tests.OptionalBool("impacted-first"), IgnoredTests = NameParts(tests, "ignore"), TestLevels = ReadLevels(tests) };
            tests.Done();
        }
        if (map.OptionalMap("limits") is { } limits)
        {
            layer = layer with
            {
                CheckTimeout = limits.OptionalDuration("check-timeout", LeastTimeout, MostTimeout),
                TestTimeout = limits.OptionalDuration("test-timeout", LeastTimeout, MostTimeout),
                MaxChangedFiles = limits.OptionalInt("changed-files", 1, 1_000_000),
                MaxFileBytes = limits.OptionalLong("file-bytes", 1, 2L * 1024 * 1024 * 1024),
                MaxChangeBytes = limits.OptionalLong("change-bytes", 1, 64L * 1024 * 1024 * 1024),
                MinimumTests = limits.OptionalInt("minimum-tests", 1, 100_000_000),
                CommandArguments = limits.OptionalInt("command-arguments", 1, 100_000),
                CommandCharacters = limits.OptionalInt("command-characters", 1, 10_000_000),
                ChainedCommands = limits.OptionalInt("chained-commands", 1, 1_000),
            };
            limits.Done();
        }
        if (map.OptionalMap("sandbox") is { } sandbox)
        {
            layer = layer with { SandboxEnabled = sandbox.OptionalBool("enabled"), SandboxHosts = sandbox.OptionalStrings("hosts") ?? [], SandboxFallback = sandbox.OptionalChoice("fallback", "none", "landlock") };
            sandbox.Done();
        }
        return layer;
    }

    private static Dictionary<string, IReadOnlyList<string>> ReadLevels(MapReader tests)
    {
        var levels = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (tests.OptionalMap("levels") is not { } map) return levels;
        foreach (var name in map.Keys)
        {
            if (NameParts(map, name) is { Count: > 0 } parts) levels[name] = parts;
            else map.Problem(name, $"The level '{ByteText.Display(name)}' names no tests.");
        }
        map.Done();
        return levels;
    }

    private static IReadOnlyList<string> NameParts(MapReader map, string key)
    {
        var parts = map.OptionalStrings(key) ?? [];
        if (parts.Any(part => part.Trim().Length == 0 || part.StartsWith('-') || part.Any(char.IsControl))) map.Problem(key, "A part of tests' names is a text such as 'Parser'.");
        return parts;
    }

    private List<CheckDefinition> ReadChecks(IReadOnlyList<MapReader> maps)
    {
        var checks = new List<CheckDefinition>();
        foreach (var map in maps)
        {
            var check = ReadCheck(map);
            if (checks.Any(c => c.Name.Equals(check.Name, StringComparison.OrdinalIgnoreCase)))
                map.Problem("name", $"Two checks have the name '{ByteText.Display(check.Name)}'.");
            checks.Add(check);
        }
        return checks;
    }

    private CheckDefinition ReadCheck(MapReader map)
    {
        var name = map.RequiredString("name");
        var kind = map.OptionalChoice("kind", "restore", "build", "test", "command") switch
        {
            "restore" => CheckKind.Restore,
            "build" => CheckKind.Build,
            "test" => CheckKind.Test,
            _ => CheckKind.Command,
        };
        var run = map.OptionalStrings("run") ?? [];
        if (run.Count == 0 || run[0].Length == 0) map.Problem("run", "'run' is the program and its arguments, such as [dotnet, build].");
        var report = map.OptionalChoice("report", "trx", "junit", "tap", "jest", "go", "cargo", "none") switch
        {
            "none" => ReportFormat.None,
            "trx" => ReportFormat.Trx,
            "junit" => ReportFormat.JUnit,
            "tap" => ReportFormat.Tap,
            "jest" => ReportFormat.Jest,
            "go" => ReportFormat.GoTest,
            "cargo" => ReportFormat.Cargo,
            _ => kind == CheckKind.Test ? ReportFormat.Trx : ReportFormat.None,
        };
        if (report != ReportFormat.None && !run.Any(a => a.Contains(CheckDefinition.ResultsPlaceholder, StringComparison.Ordinal)))
            map.Problem("run", $"A check with a report writes it into '{CheckDefinition.ResultsPlaceholder}'; put that into 'run', such as [--results-directory, '{CheckDefinition.ResultsPlaceholder}'], or say 'report: none'.");
        var folder = map.OptionalString("folder") ?? "";
        if (folder is ".") folder = "";
        if (folder.Length > 0 && LiteralPath.Problem(folder) is { Length: > 0 } problem) map.Problem("folder", problem);
        var timeout = map.OptionalDuration("timeout", LeastTimeout, MostTimeout);
        var environment = map.OptionalStringMap("environment") ?? new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var variable in environment.Keys.Where(v => !IsHarmlessVariable(v)))
            map.Problem("environment", $"The variable '{ByteText.Display(variable)}' may not be set for a check.");
        map.Done();
        return new(name, kind, run, folder, timeout, report, environment, fromRepository);
    }

    private DotnetSettings ReadDotnet(MapReader map)
    {
        var settings = new DotnetSettings
        {
            Projects = map.OptionalStrings("projects"),
            Framework = Word(map, "framework"),
            RollForward = map.OptionalChoice("roll-forward", "Minor", "Major", "LatestPatch", "LatestMinor", "LatestMajor", "Disable"),
            Configuration = Word(map, "configuration"),
            Properties = map.OptionalStringMap("properties") ?? DotnetSettings.Default.Properties,
        };
        foreach (var problem in (settings.Projects ?? []).Select(LiteralPath.Problem).Where(p => p.Length > 0)) map.Problem("projects", problem);
        foreach (var property in settings.Properties.Keys.Where(k => k.Length == 0 || !k.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.')))
            map.Problem("properties", $"'{ByteText.Display(property)}' is no name of an MSBuild property.");
        map.Done();
        return settings;
    }

    private static KeepLimits ReadKeep(MapReader map)
    {
        var keep = KeepLimits.Default;
        keep = new()
        {
            LayerBytes = map.OptionalLong("layer-bytes", 0, long.MaxValue / 2) ?? keep.LayerBytes,
            Age = map.OptionalDuration("age", TimeSpan.FromHours(1), TimeSpan.FromDays(3650)) ?? keep.Age,
        };
        map.Done();
        return keep;
    }

    private static DependencySettings ReadDependencies(MapReader map)
    {
        var names = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        var settings = new DependencySettings { Allow = map.OptionalStrings("allow") ?? [], Names = names, Sources = sources };
        foreach (var package in settings.Allow.Where(name => !IsPackageName(name.Replace('*', 'x'))))
            map.Problem("allow", $"'{ByteText.Display(package)}' is no name of a package.");
        if (map.OptionalMap("names") is { } all)
        {
            foreach (var ecosystem in Ecosystems)
            {
                if (all.OptionalStringMap(ecosystem) is not { } given) continue;
                names[ecosystem] = given;
                foreach (var package in given.Values.Where(name => !IsPackageName(name)))
                    all.Problem(ecosystem, $"'{ByteText.Display(package)}' is no name of a package.");
            }
            all.Done();
        }
        if (map.OptionalMap("sources") is { } places)
        {
            foreach (var ecosystem in Ecosystems)
            {
                if (places.OptionalString(ecosystem) is not { } place) continue;
                sources[ecosystem] = place;
                if (!IsSource(place)) places.Problem(ecosystem, $"'{ByteText.Display(place)}' is neither an absolute folder nor an https address; http is for addresses of this machine only, such as http://127.0.0.1:8081/simple/.");
            }
            places.Done();
        }
        map.Done();
        return settings;
    }

    // A leading dash would be read as an option; the rest is what npm, PyPI and NuGet have in common.
    private static bool IsPackageName(string name) =>
        name.Length is > 0 and <= 214 && name[0] is not ('-' or '.') && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@' or '/') && !name.Contains("..", StringComparison.Ordinal);

    private static bool IsSource(string place) => place.StartsWith('/')
        || (Uri.TryCreate(place, UriKind.Absolute, out var address) && address.UserInfo.Length == 0
            && (address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && System.Net.IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && System.Net.IPAddress.IsLoopback(ip))));

    private static string? Word(MapReader map, string key)
    {
        if (map.OptionalString(key) is not { } word) return null;
        if (word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_') && word[0] != '-') return word;
        map.Problem(key, $"'{ByteText.Display(word)}' is no name for '{key}'.");
        return null;
    }

    private List<PathPattern> Patterns(MapReader map, string key)
    {
        var patterns = new List<PathPattern>();
        foreach (var node in map.OptionalList(key) ?? [])
        {
            if (DocumentValue.Text(node, $"an item of '{key}'", problems) is not { } text) continue;
            if (PathPattern.TryParse(text, out var pattern, out var problem)) patterns.Add(pattern);
            else problems.Add(node, problem);
        }
        return patterns;
    }

    // The loader's and the runtimes' own hooks run other code than the check names.
    private static bool IsHarmlessVariable(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        && !name.StartsWith("LD_", StringComparison.Ordinal) && name is not ("PATH" or "HOME" or "DOTNET_STARTUP_HOOKS" or "NODE_OPTIONS" or "PYTHONSTARTUP" or "BASH_ENV" or "ENV")
        && !name.Contains("PROFILER", StringComparison.Ordinal);
}
