using System.Text.RegularExpressions;

namespace TarsEngine.Terminal.Failures;

/// <summary>Reads what Python prints when an exception ends it.</summary>
internal static partial class PythonErrors
{
    public static CommandFailure? Read(IReadOnlyList<string> lines)
    {
        var frames = new List<SourcePlace>();
        for (var i = lines.Count - 1; i >= 0; i--)
        {
            if (Frame().Match(lines[i]) is not { Success: true } frame) continue;
            frames.Add(FailureClassifier.PlaceOf(frame.Groups["path"].Value, frame.Groups["line"].Value));
            var error = lines.Skip(i + 1).Select(line => Error().Match(line)).FirstOrDefault(match => match.Success);
            if (error is null) return null;
            // The frames before it, up to the stack's head: the nearest own one is what people look for.
            for (i--; i >= 0 && !lines[i].StartsWith("Traceback ", StringComparison.Ordinal); i--)
            {
                if (Frame().Match(lines[i]) is { Success: true } outer) frames.Add(FailureClassifier.PlaceOf(outer.Groups["path"].Value, outer.Groups["line"].Value));
            }
            return Of(error.Groups["type"].Value, error.Groups["message"].Value, frames);
        }
        return null;
    }

    private static CommandFailure Of(string type, string message, List<SourcePlace> frames)
    {
        var place = FailureClassifier.Choose(frames);
        return type switch
        {
            "SyntaxError" or "IndentationError" or "TabError" => new SyntaxFailure($"{type}: {message}", frames[0]),
            "ModuleNotFoundError" or "ImportError" when Missing().Match(message) is { Success: true } module => new MissingDependencyFailure(Ecosystem.Python, module.Groups["name"].Value, place),
            "MemoryError" => new MemoryFailure(place),
            "PermissionError" => new PermissionFailure($"{type}: {message}", place),
            "OSError" when message.StartsWith("[Errno 30]", StringComparison.Ordinal) => new PermissionFailure($"{type}: {message}", place),
            _ => new RuntimeFailure(type, message, place),
        };
    }

    [GeneratedRegex("""^\s+File "(?<path>[^"]+)", line (?<line>\d+)""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Frame();

    [GeneratedRegex(@"^(?<type>[A-Za-z_][A-Za-z0-9_.]*)(?:: (?<message>.*))?$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Error();

    [GeneratedRegex(@"^No module named '?(?<name>[A-Za-z0-9_.]+)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Missing();
}
