using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>Severities of analyzers that a change lowers: '.editorconfig', '.globalconfig', rule sets.</summary>
internal static partial class AnalyzerGates
{
    private static readonly string[] Order = ["none", "silent", "refactoring", "hidden", "suggestion", "info", "default", "warning", "error"];

    public static IEnumerable<Finding> Compare(ChangedText text)
    {
        var isConfig = text.Path.Name.EndsWith(".editorconfig", StringComparison.OrdinalIgnoreCase) || text.Path.Name.EndsWith(".globalconfig", StringComparison.OrdinalIgnoreCase);
        if (!isConfig && !text.Path.Name.EndsWith(".ruleset", StringComparison.OrdinalIgnoreCase)) yield break;
        var (before, after) = (Read(text.Before), Read(text.After));
        foreach (var (rule, (severity, line)) in after)
        {
            if (Rank(severity) >= Rank("warning")) continue;
            var isKnown = before.TryGetValue(rule, out var old);
            // Said for the first time, an option of style is no loosening: nothing was refused for it.
            if (!isKnown && IsStyle(rule)) continue;
            if (!isKnown && Rank(severity) > Rank("hidden")) continue;
            var was = isKnown ? old.Severity : "default";
            if (Rank(severity) < Rank(was)) yield return Hold($"'{Shown(rule)}' counts as '{severity}' now; before as '{was}'.", text.Path, line);
        }
        foreach (var (rule, (severity, _)) in before.Where(b => !after.ContainsKey(b.Key) && Rank(b.Value.Severity) >= Rank("warning")))
            yield return Hold($"'{Shown(rule)}' no longer counts as '{severity}'.", text.Path, null);
        if (isConfig && text.After?.Contains("generated_code", StringComparison.Ordinal) == true && text.Before?.Contains("generated_code", StringComparison.Ordinal) != true)
            yield return Hold("Files are declared to be generated: analyzers don't look at them.", text.Path, null);
    }

    private static Finding Hold(string message, RepositoryPath path, int? line) => new(Severity.Hold, "suppress/severity", message, path, line, "A person must see why.");

    private static string Shown(string rule) => rule[(rule.IndexOf('\0', StringComparison.Ordinal) + 1)..];

    // By the section that it stands in: 'tests/**' may be silent where all else warns.
    private static SortedDictionary<string, (string Severity, int Line)> Read(string? text)
    {
        var severities = new SortedDictionary<string, (string, int)>(StringComparer.OrdinalIgnoreCase);
        var (section, number) = ("", 0);
        foreach (var line in (text ?? "").Split('\n').Select(l => l.Trim()))
        {
            number++;
            if (line.StartsWith('[') && line.EndsWith(']')) section = line;
            else if (Setting().Match(line) is { Success: true } set) severities[section + "\0" + set.Groups["rule"].Value] = (set.Groups["severity"].Value.ToLowerInvariant(), number);
            else if (Option().Match(line) is { Success: true } option) severities[section + "\0" + option.Groups["rule"].Value] = (option.Groups["severity"].Value.ToLowerInvariant(), number);
        }
        return severities;
    }

    private static bool IsStyle(string rule) => Shown(rule) is var name && name.Contains('_', StringComparison.Ordinal) && !name.EndsWith("severity", StringComparison.OrdinalIgnoreCase);

    private static int Rank(string severity) => Array.IndexOf(Order, severity);

    [GeneratedRegex("""(^\s*(?<rule>(dotnet_diagnostic|dotnet_analyzer_diagnostic)[\w.-]*severity)\s*[=:]\s*(?<severity>none|silent|refactoring|hidden|suggestion|info|default|warning|error)\b|<Rule Id="(?<rule>\w+)" Action="(?<severity>None|Hidden|Info|Warning|Error)")""", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Setting();

    [GeneratedRegex(@"^(?<rule>(csharp|dotnet|visual_basic)_\w+)\s*=\s*[\w, ]+:(?<severity>none|silent|suggestion|warning|error)\s*$", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Option();
}
