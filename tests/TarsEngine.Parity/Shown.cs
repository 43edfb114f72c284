using System.Globalization;
using System.Text.RegularExpressions;
using TarsEngine.CSharp.Answering;
using TarsEngine.Sandbox;

namespace TarsEngine.Parity;

/// <summary>A diagnostic as far as it is compared.</summary>
internal sealed partial record Shown(string Id, bool IsError, string Path, int Line)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsError ? "error" : "warning")} {Id} {Path}:{Line}");

    /// <summary>What a build printed; null for a line that is none of the compiler's.</summary>
    public static Shown? Of(string line)
    {
        if (Diagnostic().Match(line.Trim()) is not { Success: true } match || match.Groups["code"].Value is var code && (code.StartsWith("NU", StringComparison.Ordinal) || code.StartsWith("MSB", StringComparison.Ordinal) || code.StartsWith("NETSDK", StringComparison.Ordinal))) return null;
        var place = match.Groups["line"];
        return new(code, match.Groups["kind"].Value == "error", place.Success ? Relative(match.Groups["path"].Value) : "", place.Success ? int.Parse(place.ValueSpan, CultureInfo.InvariantCulture) : 0);
    }

    public static Shown Of(Message message) => new(message.Id, message.IsError, message.Path is { } path ? Relative(path) : "", message.Line ?? 0);

    private static string Relative(string path) => path.StartsWith(SandboxLayout.Codebase + "/", StringComparison.Ordinal) ? path[(SandboxLayout.Codebase.Length + 1)..] : path;

    [GeneratedRegex(@"^(?<path>[^(:]*)(\((?<line>\d+),\d+(,\d+,\d+)?\))?\s*: (?<kind>error|warning) (?<code>[A-Za-z]+\d+): ", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Diagnostic();
}
