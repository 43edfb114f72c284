using System.Text.Json;
using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Syntax;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Quality;

/// <summary>Packages that the codebase did not name before: code of others that will run.</summary>
internal static partial class AddedDependencies
{
    private static readonly string[] Sections = ["dependencies", "devDependencies", "peerDependencies", "optionalDependencies"];

    public static IEnumerable<Finding> Find(ChangedText text)
    {
        if (text.After is null || Reader(text.Path) is not { } read) yield break;
        var before = text.Before is null ? [] : read(text.Before);
        foreach (var (name, version) in read(text.After))
        {
            var isFromElsewhere = version.Contains("://", StringComparison.Ordinal) || version.StartsWith("git", StringComparison.Ordinal) || version.StartsWith("file:", StringComparison.Ordinal);
            if (!before.TryGetValue(name, out var old))
                yield return new(isFromElsewhere ? Severity.Hold : Severity.Warning, "quality/dependency", $"The change adds a dependency on '{Shown(name, version)}'{(isFromElsewhere ? ", from outside of a registry" : "")}.", text.Path, Line(text.After, name), "Look who makes it.");
            else if (old != version && isFromElsewhere)
                yield return new(Severity.Hold, "quality/dependency", $"'{name}' comes from outside of a registry now: {ByteText.Display(version)}.", text.Path, Line(text.After, name), "Look who makes it.");
        }
    }

    private static Func<string, Dictionary<string, string>>? Reader(RepositoryPath path)
    {
        if (XmlParser.IsMsBuild(path.Name)) return Projects;
        return path.Name.ToUpperInvariant() switch
        {
            "PACKAGE.JSON" => Package,
            "CARGO.TOML" => text => Lines(text, Cargo()),
            "GO.MOD" => text => Lines(text, Go()),
            "POM.XML" => text => Lines(text, Maven()),
            "PYPROJECT.TOML" => text => Lines(text, Python()),
            var name when name.StartsWith("REQUIREMENTS", StringComparison.Ordinal) && name.EndsWith(".TXT", StringComparison.Ordinal) => text => Lines(text, Requirement()),
            _ => null,
        };
    }

    private static Dictionary<string, string> Projects(string text)
    {
        var packages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var element in ProjectElement.Read(text).Where(e => e.Name is "PackageReference" or "PackageVersion" or "GlobalPackageReference" or "PackageDownload"))
        {
            foreach (var name in (element.Attribute("Include") ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)) packages[name] = element.Attribute("Version") ?? "";
        }
        return packages;
    }

    // Broken JSON is the syntax check's affair.
    private static Dictionary<string, string> Package(string text)
    {
        var packages = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(text, new() { MaxDepth = 32 });
            if (json.RootElement.ValueKind != JsonValueKind.Object) return packages;
            foreach (var section in Sections)
            {
                if (!json.RootElement.TryGetProperty(section, out var listed) || listed.ValueKind != JsonValueKind.Object) continue;
                foreach (var package in listed.EnumerateObject()) packages[package.Name] = package.Value.ValueKind == JsonValueKind.String ? package.Value.GetString()! : "";
            }
        }
        catch (JsonException)
        {
            packages.Clear();
        }
        return packages;
    }

    private static Dictionary<string, string> Lines(string text, Regex form)
    {
        var packages = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (Match match in form.Matches(text)) packages[match.Groups["name"].Value] = match.Groups["version"].Value.Trim();
        return packages;
    }

    private static int? Line(string text, string name)
    {
        var at = text.IndexOf(name, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? null : text.AsSpan(0, at).Count('\n') + 1;
    }

    private static string Shown(string name, string version) => ByteText.Display(version.Length is 0 or > 80 ? name : $"{name} {version}");

    [GeneratedRegex(@"(?m)^\[(dev-|build-)?dependencies\.(?<name>[\w-]+)\](?<version>)|^(?<name>[\w-]+)\s*=\s*(""(?<version>[\^~=<>* 0-9][^""\n]*)""|\{[^}\n]*(version|git|path)\s*=\s*""(?<version>[^""\n]+)"")", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Cargo();

    [GeneratedRegex(@"(?m)^\s*(require\s+)?(?<name>[a-z0-9.-]+\.[a-z]+/[^\s]+)\s+(?<version>v[^\s]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Go();

    [GeneratedRegex(@"<dependency>\s*<groupId>[^<]*</groupId>\s*<artifactId>(?<name>[^<]+)</artifactId>(\s*<version>(?<version>[^<]*)</version>)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Maven();

    [GeneratedRegex(@"(?m)^\s*[""'](?<name>[A-Za-z][\w.-]*)(\[[^\]]*\])?\s*(?<version>([=<>~!]=?|@)[^""'\n]*)?[""'],?\s*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Python();

    [GeneratedRegex(@"(?m)^(?<name>[A-Za-z][\w.-]*)(\[[^\]\n]*\])?[ \t]*(?<version>([=<>~!]=?|@)[^#;\n]*)?", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Requirement();
}
