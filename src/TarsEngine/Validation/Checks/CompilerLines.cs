using System.Globalization;
using System.Text.RegularExpressions;
using TarsEngine.Files;
using TarsEngine.Validation.Dotnet;

namespace TarsEngine.Validation.Checks;

/// <summary>Errors of compilers that don't speak MSBuild's way: gcc, clang, rustc, go, javac under Maven, tsc, and npm's of a lock file.</summary>
internal sealed partial class CompilerLines(string codebaseRoot, string folder)
{
    private const int Most = 500;
    private readonly HashSet<BuildDiagnostic> seen = [];
    private readonly List<BuildDiagnostic> errors = [];

    /// <summary>Each once, in the order of the output; bounded.</summary>
    public IReadOnlyList<BuildDiagnostic> Errors => errors;

    public void Read(string line)
    {
        if (errors.Count >= Most) return;
        var match = Gnu().Match(line);
        if (!match.Success) match = Go().Match(line);
        if (!match.Success) match = Maven().Match(line);
        if (!match.Success) match = TypeScript().Match(line);
        var found = match.Success ? Diagnostic(match)
            : line.Contains("`npm ci` can only install packages when your package.json and", StringComparison.Ordinal) ? new(true, "npm", "'package.json' and its lock file don't fit each other.", null, null, null)
            : null;
        if (found is not null && seen.Add(found)) errors.Add(found);
    }

    private BuildDiagnostic Diagnostic(Match match)
    {
        int? line = int.TryParse(match.Groups["line"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 ? number : null;
        var code = match.Groups["code"] is { Success: true, Value: var known } ? known : "error";
        return new(true, code, match.Groups["message"].Value.Trim(), PathOf(match.Groups["path"].Value), line, null);
    }

    private string? PathOf(string path)
    {
        if (path.StartsWith(codebaseRoot + "/", StringComparison.Ordinal)) path = path[(codebaseRoot.Length + 1)..];
        else if (path.StartsWith('/')) return null;
        else if (folder.Length > 0) path = $"{folder}/{path}";
        path = path.Replace("/./", "/", StringComparison.Ordinal);
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        return RepositoryPath.TryParse(path, out var parsed, out _) ? parsed.Value : null;
    }

    [GeneratedRegex(@"^(?<path>[^\s:][^:]*):(?<line>\d+):(?:\d+:)? (?:fatal )?error(?:\[(?<code>E\d+)\])?: (?<message>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Gnu();

    [GeneratedRegex(@"^(?:vet: )?(?<path>[^\s:]+\.go):(?<line>\d+):(?:\d+:)? (?<message>.+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Go();

    [GeneratedRegex(@"^\[ERROR\] (?<path>/[^\s:]+\.(?:java|kt|groovy|scala)):\[(?<line>\d+),\d+\] (?:error: )?(?<message>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Maven();

    [GeneratedRegex(@"^(?<path>[^\s(:]+\.[cm]?tsx?)\((?<line>\d+),\d+\): error (?<code>TS\d+): (?<message>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex TypeScript();
}
