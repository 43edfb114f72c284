using System.Text.Json;
using System.Text.RegularExpressions;

namespace TarsEngine.Validation.Runners;

/// <summary>What 'package.json' says of its tests.</summary>
/// <param name="Script">The test script in parts: what 'npm test' runs one after the other.</param>
/// <param name="Needs">Names of all packages that it depends on.</param>
internal sealed partial record NodePackage(IReadOnlyList<string> Script, IReadOnlySet<string> Needs)
{
    private const int MostParts = 20;

    // They judge the form of the sources, and are no tests.
    private static readonly string[] linters = ["lint", "eslint", "prettier", "biome", "oxlint", "standard", "xo", "stylelint", "tslint", "knip", "publint", "attw", "size-limit"];

    /// <summary>Null where there is none or it is broken, which the syntax check says.</summary>
    public static NodePackage? Read(ProjectTree project)
    {
        if (project.Text("package.json") is not { } text) return null;
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            var scripts = Texts(document.RootElement, "scripts");
            var needs = ((string[])["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"]).SelectMany(kind => Texts(document.RootElement, kind).Keys).ToHashSet(StringComparer.Ordinal);
            return new(scripts.GetValueOrDefault("test") is { } test && !test.Contains("no test specified", StringComparison.Ordinal) ? Parts(test, scripts, 0) : [], needs);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a part runs this program, by whatever starts it: npx, cross-env, a path.</summary>
    public static bool Runs(string part, string program) => Words().Split(part).Any(word => word[(word.LastIndexOf('/') + 1)..] == program);

    /// <summary>What has to run before a part: builds, and not what looks at the form of sources.</summary>
    public IReadOnlyList<string> Before(string part) => [.. Script.TakeWhile(one => one != part).Where(one => !IsLinter(one))];

    /// <summary>Parts of the script that are left out.</summary>
    public IReadOnlyList<string> LeftOut(string part) => [.. Script.TakeWhile(one => one != part).Where(IsLinter), .. Script.SkipWhile(one => one != part).Skip(1)];

    private static bool IsLinter(string part) => Words().Split(part.Trim()).Take(4).Any(word => linters.Contains(word.Split(':')[0], StringComparer.Ordinal));

    // 'npm run build && vitest': other scripts that it calls are looked into, so that the runner is found where it stands.
    private static List<string> Parts(string script, Dictionary<string, string> scripts, int depth)
    {
        var parts = new List<string>();
        foreach (var part in script.Split("&&", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MostParts))
        {
            if (depth < 4 && Call().Match(part) is { Success: true } call && scripts.TryGetValue(call.Groups["name"].Value, out var called) && !IsLinter(call.Groups["name"].Value))
                parts.AddRange(Parts(called + " " + call.Groups["more"].Value, scripts, depth + 1).Take(MostParts));
            else parts.Add(part);
        }
        return parts;
    }

    private static Dictionary<string, string> Texts(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var map) && map.ValueKind == JsonValueKind.Object
            ? map.EnumerateObject().Where(one => one.Value.ValueKind == JsonValueKind.String).DistinctBy(one => one.Name, StringComparer.Ordinal).ToDictionary(one => one.Name, one => one.Value.GetString()!, StringComparer.Ordinal)
            : [];

    [GeneratedRegex(@"^(?:npm|pnpm|yarn|bun)(?: (?:run|-s|--silent))* (?<name>[\w:.\-]+)(?: --)?(?<more>(?: .*)?)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Call();

    [GeneratedRegex(@"\s+", RegexOptions.NonBacktracking)]
    private static partial Regex Words();
}
