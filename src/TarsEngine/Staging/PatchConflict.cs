using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Sandbox;

namespace TarsEngine.Staging;

/// <summary>What <c>git apply</c> said, as findings that show what the patch expects and what stands there.</summary>
internal static partial class PatchConflict
{
    public const string Rule = "patch/conflict";
    public const string Remedy = "Make the patch anew from the codebase as it is now.";
    private const int ShownLines = 12, ShownLength = 200;

    /// <summary>Why it did not apply: one finding for each place.</summary>
    public static IReadOnlyList<Finding> Explain(string error, VirtualFileSystem tree)
    {
        var findings = new List<Finding>();
        string? expected = null;
        foreach (var part in ("\n" + error).Split("\nerror: ").Skip(1))
        {
            var first = part.Split('\n')[0];
            if (part.StartsWith("while searching for:\n", StringComparison.Ordinal))
            {
                expected = part["while searching for:\n".Length..].TrimEnd('\n');
            }
            else if (FailedAt().Match(first) is { Success: true } place)
            {
                var line = int.Parse(place.Groups["line"].Value, CultureInfo.InvariantCulture);
                findings.Add(Hunk(place.Groups["path"].Value, line, expected, tree));
                expected = null;
            }
            else if (!first.EndsWith("patch does not apply", StringComparison.Ordinal) || findings.Count == 0)
            {
                findings.Add(new(Severity.Error, Rule, Clean(first), PathOf(first.Split(':')[0]), Remedy: Remedy));
            }
        }
        return findings.Count > 0 ? findings : [new(Severity.Error, Rule, "The patch does not apply: " + Clean(error), Remedy: Remedy)];
    }

    /// <summary>Hunks that did not fit where they said, but a few lines away.</summary>
    public static IReadOnlyList<Finding> Offsets(string error)
    {
        var findings = new List<Finding>();
        string? file = null;
        foreach (var line in error.Split('\n'))
        {
            if (Checking().Match(line) is { Success: true } checking) file = checking.Groups["path"].Value.Split(" => ")[^1];
            else if (Moved().Match(line) is { Success: true } moved)
                findings.Add(new(Severity.Info, "patch/offset",
                    $"Hunk {moved.Groups["hunk"].Value} of '{ByteText.Display(file ?? "?")}' fits at line {moved.Groups["line"].Value}, {moved.Groups["offset"].Value} lines from where the patch says.",
                    PathOf(file), int.Parse(moved.Groups["line"].Value, CultureInfo.InvariantCulture), "Check that it is the right place."));
        }
        return findings;
    }

    private static Finding Hunk(string name, int line, string? expected, VirtualFileSystem tree)
    {
        var path = PathOf(name);
        var message = new StringBuilder($"'{ByteText.Display(name)}' is not what the patch expects at line {line}.");
        if (expected is not null)
        {
            var lines = expected.Split('\n');
            message.Append("\nexpected:").Append(Show(lines));
            if (path is { } at && tree[at] is { Kind: EntryKind.File })
                message.Append("\nfound:").Append(Show(Encoding.UTF8.GetString(tree.Read(at)).Split('\n').Skip(line - 1).Take(lines.Length)));
        }
        return new(Severity.Error, Rule, message.ToString(), path, line, Remedy);
    }

    private static string Show(IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0) return "\n  (nothing: the file is shorter)";
        var shown = all.Take(ShownLines).Select(line => "\n  " + ByteText.Display(line.Length > ShownLength ? line[..ShownLength] + "…" : line));
        return string.Concat(shown) + (all.Count > ShownLines ? "\n  …" : "");
    }

    private static string Clean(string text) => ByteText.Display(text.Trim().Replace('\n', ' '));

    private static RepositoryPath? PathOf(string? name) =>
        name is not null && RepositoryPath.TryParse(name, out var path, out _) ? path : null;

    [GeneratedRegex(@"\Apatch failed: (?<path>.+):(?<line>[0-9]+)\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FailedAt();

    [GeneratedRegex(@"\AChecking patch (?<path>.+)\.\.\.\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Checking();

    [GeneratedRegex(@"\AHunk #(?<hunk>[0-9]+) succeeded at (?<line>[0-9]+) \(offset (?<offset>-?[0-9]+) lines?\)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Moved();
}
