using System.Globalization;
using TarsEngine.Sandbox;

namespace TarsEngine.Terminal.Failures;

/// <summary>Tells from a command's end and its last lines why it failed.</summary>
public static class FailureClassifier
{
    /// <summary>Null when it succeeded: what it printed then counts for nothing.</summary>
    /// <param name="sourceLine">Reads one line of a file of the codebase (path, line from 1), or null; makes the answer about C# more exact.</param>
    public static CommandFailure? Classify(CommandResult result, Func<string, int, string?>? sourceLine = null)
    {
        if (result.Succeeded) return null;
        if (result.TimedOut) return new TimeoutFailure(result.Duration);
        if (result.LimitReached == SandboxLimit.Memory) return new MemoryFailure(Place: null);
        if (result.LimitReached is not (SandboxLimit.None or SandboxLimit.Time)) return new LimitFailure(result.LimitReached);
        IReadOnlyList<string> lines = [.. result.Tail.Select(line => line.Text)];
        return PythonErrors.Read(lines) ?? NodeErrors.Read(lines) ?? DotnetErrors.Read(lines, sourceLine) ?? ShellErrors.Read(lines, result.ExitCode)
            ?? (result.ExitCode is { } code ? new ExitFailure(code) : new SignalFailure(result.Signal ?? 0));
    }

    internal static SourcePlace PlaceOf(string path, string? line)
    {
        const string own = SandboxLayout.Codebase + "/";
        if (path.StartsWith("file://", StringComparison.Ordinal)) path = path["file://".Length..];
        if (path.StartsWith(own, StringComparison.Ordinal)) path = path[own.Length..];
        if (path.StartsWith("./", StringComparison.Ordinal)) path = path[2..];
        return new(path, int.TryParse(line, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null);
    }

    /// <summary>The one to show: nearest to the error, in a file of one's own if there is one.</summary>
    /// <param name="nearestFirst">Frames of a stack.</param>
    internal static SourcePlace? Choose(IReadOnlyList<SourcePlace> nearestFirst) =>
        nearestFirst.FirstOrDefault(place => place.IsOwn) ?? (nearestFirst.Count > 0 ? nearestFirst[0] : null);
}
