using System.Globalization;
using TarsEngine.Files;

namespace TarsEngine.Validation.Dotnet;

/// <summary>Finds diagnostics in the lines that MSBuild, compilers and NuGet print.</summary>
internal sealed class MsBuildOutput(string codebaseRoot)
{
    private const int Most = 500;
    private const int MaxLine = 4_096;

    private readonly HashSet<BuildDiagnostic> seen = [];
    private readonly List<BuildDiagnostic> list = [];

    /// <summary>Each once, in the order of the output; bounded.</summary>
    public IReadOnlyList<BuildDiagnostic> Diagnostics => list;

    /// <summary>Those about files of the codebase; null when there may be more than are kept. What NuGet and MSBuild warn of is about the surroundings.</summary>
    public IReadOnlyList<BuildDiagnostic>? Warnings => list.Count >= Most ? null
        : [.. list.Where(d => !d.IsError && d.Path is not null && d.Line is not null && !d.Code.StartsWith("NU", StringComparison.Ordinal) && !d.Code.StartsWith("MSB", StringComparison.Ordinal) && !d.Code.StartsWith("NETSDK", StringComparison.Ordinal))];

    public IEnumerable<BuildDiagnostic> Errors => list.Where(d => d.IsError);

    /// <summary>The SDK version that a global.json asks for and that isn't there, when the output says so.</summary>
    public string? MissingSdk { get; private set; }

    /// <summary>The runtime that a built program needs and that isn't there.</summary>
    public string? MissingRuntime { get; private set; }

    /// <summary>True when the output says that the program under test died.</summary>
    public bool Crashed { get; private set; }

    /// <summary>True when 'dotnet test' refuses projects that only Microsoft.Testing.Platform can run.</summary>
    public bool NeedsTestingPlatform { get; private set; }

    public void Read(string line)
    {
        if (line.Length > MaxLine) line = line[..MaxLine];
        line = line.Trim();
        ReadToolchain(line);
        if (list.Count >= Most) return;
        var error = Marker(line, "error ");
        var warning = Marker(line, "warning ");
        var at = error < 0 ? warning : warning < 0 ? error : Math.Min(error, warning);
        if (at < 0) return;
        var isError = at == error;
        if (Parse(line, at, at + (isError ? "error ".Length : "warning ".Length), isError) is { } diagnostic && seen.Add(diagnostic)) list.Add(diagnostic);
    }

    // Where the category stands: at the line's beginning, or behind the colon that ends the origin.
    private static int Marker(string line, string category)
    {
        if (line.StartsWith(category, StringComparison.Ordinal)) return 0;
        var at = line.IndexOf(": " + category, StringComparison.Ordinal);
        return at < 0 ? -1 : at + 2;
    }

    // origin(line,column): category code: text [project]
    private BuildDiagnostic? Parse(string line, int category, int codeStart, bool isError)
    {
        var colon = line.IndexOf(':', codeStart);
        if (colon < 0) return null;
        var code = line[codeStart..colon].Trim();
        var letters = code.TakeWhile(char.IsAsciiLetter).Count();
        if (letters is 0 or > 12 || letters == code.Length || code.Length > 20 || code.AsSpan(letters).ContainsAnyExceptInRange('0', '9')) return null;
        var text = line[(colon + 1)..].Trim();
        string? project = null;
        if (text.EndsWith(']') && text.LastIndexOf('[') is var bracket and >= 0)
        {
            project = text[(bracket + 1)..^1];
            text = text[..bracket].TrimEnd();
            if (project.IndexOf("::", StringComparison.Ordinal) is var framework and >= 0) project = project[..framework];
        }
        var origin = category >= 2 ? line[..(category - 2)].TrimEnd() : "";
        var number = TakeLine(ref origin);
        return new(isError, code, text, PathOf(origin), number, project is null ? null : PathOf(project));
    }

    // Takes '(12,5)' off the end.
    private static int? TakeLine(ref string origin)
    {
        if (!origin.EndsWith(')') || origin.LastIndexOf('(') is not (var open and > 0)) return null;
        var place = origin[(open + 1)..^1].Split(',')[0];
        if (!int.TryParse(place, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
        origin = origin[..open];
        return number > 0 ? number : null;
    }

    private void ReadToolchain(string line)
    {
        if (line.StartsWith("Requested SDK version:", StringComparison.Ordinal)) MissingSdk = line[22..].Trim();
        else if (line.Contains("A compatible .NET SDK was not found", StringComparison.Ordinal)) MissingSdk ??= "another version";
        else if (line.StartsWith("Framework: '", StringComparison.Ordinal) && line.Contains("', version '", StringComparison.Ordinal)) MissingRuntime = line[11..].Trim();
        else if (line.Contains("Test host process crashed", StringComparison.Ordinal) || line.Contains("The active test run was aborted", StringComparison.Ordinal)) Crashed = true;
        else if (line.Contains("VSTest target is no longer supported by Microsoft.Testing.Platform", StringComparison.Ordinal)) NeedsTestingPlatform = true;
    }

    private string? PathOf(string origin)
    {
        origin = origin.Trim().Replace('\\', '/');
        if (!origin.StartsWith(codebaseRoot + "/", StringComparison.Ordinal)) return null;
        return RepositoryPath.TryParse(origin[(codebaseRoot.Length + 1)..], out var path, out _) ? path.Value : null;
    }
}
