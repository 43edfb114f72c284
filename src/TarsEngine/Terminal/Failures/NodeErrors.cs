using System.Text.RegularExpressions;

namespace TarsEngine.Terminal.Failures;

/// <summary>Reads what Node.js prints when an error ends it.</summary>
internal static partial class NodeErrors
{
    public static CommandFailure? Read(IReadOnlyList<string> lines)
    {
        if (lines.Any(line => line.Contains("FATAL ERROR:", StringComparison.Ordinal) && line.Contains("heap out of memory", StringComparison.Ordinal))) return new MemoryFailure(Place: null);
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (Error().Match(lines[i]) is not { Success: true } error || !lines.Skip(i + 1).Any(line => line.StartsWith("    at ", StringComparison.Ordinal))) continue;
            return Of(error.Groups["type"].Value, error.Groups["message"].Value, lines, i);
        }
        return null;
    }

    private static CommandFailure Of(string type, string message, IReadOnlyList<string> lines, int at)
    {
        var frames = lines.Skip(at + 1).Select(line => Frame().Match(line)).Where(match => match.Success)
            .Select(match => FailureClassifier.PlaceOf(match.Groups["path"].Value, match.Groups["line"].Value)).ToList();
        var place = FailureClassifier.Choose(frames);
        // Above the error stands where it was thrown; for what doesn't parse, that alone names the file.
        var head = lines.Take(at).Select(line => Head().Match(line)).LastOrDefault(match => match.Success);
        var above = head is null ? place : FailureClassifier.PlaceOf(head.Groups["path"].Value, head.Groups["line"].Value);
        if (type == "SyntaxError" && (above?.IsOwn ?? true)) return new SyntaxFailure($"{type}: {message}", above);
        if (Missing().Match(message) is { Success: true } missing && missing.Groups["name"].Value is var name && name[0] is not ('.' or '/'))
        {
            var from = missing.Groups["from"] is { Success: true } importer ? FailureClassifier.PlaceOf(importer.Value, null) : place;
            return new MissingDependencyFailure(Ecosystem.Node, name, from);
        }
        return Permission().IsMatch(message) ? new PermissionFailure($"{type}: {message}", place) : new RuntimeFailure(type, message, place);
    }

    [GeneratedRegex(@"^(?:Uncaught )?(?<type>[A-Za-z_$]*(?:Error|Exception))(?: \[\w+\])?: (?<message>.*)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Error();

    [GeneratedRegex(@"^    at (?:.*\()?(?<path>(?:file://)?/[^:]+):(?<line>\d+):\d+\)?(?: \{)?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Frame();

    [GeneratedRegex(@"^(?<path>(?:file://)?/[^:]+):(?<line>\d+)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Head();

    [GeneratedRegex("^Cannot find (?:module|package) '(?<name>[^']+)'(?: imported from (?<from>/.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^(?:EACCES|EPERM|EROFS)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Permission();
}
