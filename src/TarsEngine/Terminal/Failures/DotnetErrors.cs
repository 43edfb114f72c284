using System.Text.RegularExpressions;

namespace TarsEngine.Terminal.Failures;

/// <summary>Reads what the C# compiler, NuGet and the .NET runtime print.</summary>
internal static partial class DotnetErrors
{
    public static CommandFailure? Read(IReadOnlyList<string> lines, Func<string, int, string?>? sourceLine) =>
        Thrown(lines) ?? Compiled(lines, sourceLine);

    private static CommandFailure? Compiled(IReadOnlyList<string> lines, Func<string, int, string?>? sourceLine)
    {
        CommandFailure? first = null;
        foreach (var line in lines)
        {
            if (Package().Match(line) is { Success: true } package)
                return new MissingDependencyFailure(Ecosystem.Dotnet, package.Groups["name"].Value, Place: null, IsPackage: true);
            if (Diagnostic().Match(line) is not { Success: true } found) continue;
            var place = FailureClassifier.PlaceOf(found.Groups["path"].Value, found.Groups["line"].Value);
            if (found.Groups["code"].Value is "CS0246" or "CS0234" && Namespace(place, sourceLine) is { } name)
                return new MissingDependencyFailure(Ecosystem.Dotnet, name, place);
            first ??= new SyntaxFailure($"{found.Groups["code"].Value}: {found.Groups["message"].Value}", place);
        }
        return first;
    }

    /// <summary>A type that nobody knows may be a slip of the pen; a whole namespace is missing only where a 'using' names it.</summary>
    private static string? Namespace(SourcePlace place, Func<string, int, string?>? sourceLine) =>
        place is { IsOwn: true, Line: { } line } && sourceLine?.Invoke(place.Path, line) is { } text && Using().Match(text) is { Success: true } used ? used.Groups["name"].Value : null;

    private static CommandFailure? Thrown(IReadOnlyList<string> lines)
    {
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (Exception().Match(lines[i]) is not { Success: true } thrown) continue;
            var (type, message) = (thrown.Groups["type"].Value, thrown.Groups["message"].Value);
            var frames = lines.Skip(i + 1).Select(line => Frame().Match(line)).Where(match => match.Success)
                .Select(match => FailureClassifier.PlaceOf(match.Groups["path"].Value, match.Groups["line"].Value)).ToList();
            var place = FailureClassifier.Choose(frames);
            return type switch
            {
                "System.OutOfMemoryException" => new MemoryFailure(place),
                "System.UnauthorizedAccessException" => new PermissionFailure(message, place),
                "System.IO.IOException" when message.Contains("Read-only file system", StringComparison.Ordinal) => new PermissionFailure(message, place),
                _ when Assembly().Match(message) is { Success: true } assembly => new MissingDependencyFailure(Ecosystem.Dotnet, assembly.Groups["name"].Value, place),
                _ => new RuntimeFailure(type, message, place),
            };
        }
        return null;
    }

    [GeneratedRegex(@"^\s*(?<path>[^(:]+)\((?<line>\d+),\d+\): error (?<code>[A-Z]+\d+): (?<message>.*?)(?: \[[^\]]*\])?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Diagnostic();

    [GeneratedRegex(@"\bNU110[0123]: Unable to (?:find|resolve)(?: a stable)?(?: package)? '?(?<name>[A-Za-z0-9_][A-Za-z0-9_.\-]*[A-Za-z0-9_])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Package();

    [GeneratedRegex(@"^\s*(?:global\s+)?using\s+(?:static\s+)?(?:[A-Za-z_]\w*\s*=\s*)?(?<name>[A-Za-z_][A-Za-z0-9_.]*)\s*;", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Using();

    [GeneratedRegex(@"^Unhandled exception[.:] (?<type>[A-Za-z_][A-Za-z0-9_.+`]*)(?:: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Exception();

    [GeneratedRegex(@"^   at .* in (?<path>/.+):line (?<line>\d+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Frame();

    [GeneratedRegex("^Could not load file or assembly '(?<name>[A-Za-z0-9_.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Assembly();
}
