using System.Text.RegularExpressions;

namespace TarsEngine.Terminal.Failures;

/// <summary>Reads what shells and small Unix programs print. Their words are short and common, so they count only with a fitting exit code.</summary>
internal static partial class ShellErrors
{
    private const int NotExecutable = 126, NotFound = 127;

    public static CommandFailure? Read(IReadOnlyList<string> lines, int? exitCode)
    {
        foreach (var line in lines.Reverse())
        {
            if (exitCode == NotFound && (Missing().Match(line) is { Success: true } missing || (missing = MissingInterpreter().Match(line)).Success))
                return new MissingDependencyFailure(Ecosystem.Program, missing.Groups["name"].Value, PlaceOf(line));
            if (exitCode is not null and not NotFound && Syntax().Match(line) is { Success: true } syntax)
                return new SyntaxFailure(syntax.Groups["message"].Value, PlaceOf(line));
            if (exitCode is not null && Permission().IsMatch(line)) return new PermissionFailure(line.Trim(), PlaceOf(line));
        }
        return exitCode == NotExecutable ? new PermissionFailure("the program can't be executed", Place: null) : null;
    }

    private static SourcePlace? PlaceOf(string line) =>
        Place().Match(line) is { Success: true } place && place.Groups["path"].Value is not ("sh" or "bash" or "dash" or "/bin/sh" or "/bin/bash")
            ? FailureClassifier.PlaceOf(place.Groups["path"].Value, place.Groups["line"].Value) : null;

    [GeneratedRegex(@"^(?<path>[^:]+): (?:line )?(?<line>\d+): ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Place();

    [GeneratedRegex(@"(?:^|: )(?<name>[^:\s]+): (?:command )?not found$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^(?:/usr/bin/)?env: [‘']?(?<name>[^:’']+)[’']?: No such file or directory$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex MissingInterpreter();

    [GeneratedRegex(@": (?:line )?\d+: (?<message>(?:[Ss]yntax error\b|unexpected EOF\b).*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Syntax();

    [GeneratedRegex(@": (?:Permission denied|Read-only file system|Operation not permitted)$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Permission();
}
