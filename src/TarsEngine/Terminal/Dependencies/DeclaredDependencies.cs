using System.Text.Json;
using System.Text.RegularExpressions;

namespace TarsEngine.Terminal.Dependencies;

/// <summary>What a script's own files say that it needs. They were written by whoever wrote the script: each package needs leave.</summary>
/// <param name="Problem">What keeps the file from being used; null when it may be.</param>
internal sealed partial record DeclaredDependencies(IReadOnlyList<string> Packages, string? Problem)
{
    /// <summary>Plain lines 'name==1.2' with hashes. An option or an address would choose another place than the user's.</summary>
    public static DeclaredDependencies OfRequirements(string text)
    {
        var packages = new List<string>();
        var lines = text.Replace("\\\r\n", " ", StringComparison.Ordinal).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = Comment().Replace(lines[i], "").Trim();
            if (line.Length == 0) continue;
            if (Requirement().Match(line) is not { Success: true } requirement)
                return new([], $"line {i + 1} of requirements.txt is more than a name with versions and hashes: '{Files.ByteText.Display(line)}'.");
            packages.Add(requirement.Groups["name"].Value);
        }
        return new(packages, Problem: null);
    }

    /// <summary>'dependencies' and 'optionalDependencies' of package.json: what 'npm ci --omit=dev' installs directly.</summary>
    public static DeclaredDependencies OfPackageJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            var packages = new List<string>();
            foreach (var key in (string[])["dependencies", "optionalDependencies"])
            {
                if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(key, out var map) && map.ValueKind == JsonValueKind.Object)
                    packages.AddRange(map.EnumerateObject().Select(one => one.Name));
            }
            return new(packages, Problem: null);
        }
        catch (JsonException failure)
        {
            return new([], $"package.json can't be read: {failure.Message}");
        }
    }

    [GeneratedRegex(@"(^|\s)#.*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<name>[A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[A-Za-z0-9._,\s-]*\])?\s*((===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+\s*,?\s*)*(;[^@]*?)?(\s+--hash=[a-z0-9]+:[0-9a-f]+)*\s*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Requirement();
}

/// <summary>A script's files, as an installation sees them.</summary>
/// <param name="TopNames">Files and folders at its top.</param>
/// <param name="Text">A file's text, by its path.</param>
/// <param name="Entry">Its file or project.</param>
public sealed record ScriptFiles(IReadOnlySet<string> TopNames, Func<string, string> Text, string Entry);
