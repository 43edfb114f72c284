using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Quality;

/// <summary>What '.editorconfig' asks of every text: line ends, spaces, the last line, the encoding's mark. A file that did not keep to a rule before isn't held to it.</summary>
internal static class Formatting
{
    public static IEnumerable<Finding> Find(ChangedText text, bool hasMark, bool hadMark, IReadOnlyDictionary<string, string> settings)
    {
        if (text.After is not { Length: > 0 } after || settings.Count == 0) yield break;
        if (settings.GetValueOrDefault("insert_final_newline") == "true" && after[^1] != '\n' && (text.Before is null || text.Before.EndsWith('\n')))
            yield return Told("format/final-newline", "The last line has no end, and '.editorconfig' asks for one.", text.Path, after.Count(c => c == '\n') + 1);
        if (settings.GetValueOrDefault("charset") is { } charset && (charset is "utf-8" && hasMark && !hadMark || (charset is "utf-8-bom" && !hasMark && (hadMark || text.Before is null))))
            yield return Told("format/charset", hasMark ? "The file begins with a byte order mark, and '.editorconfig' asks for none." : "The file begins without a byte order mark, and '.editorconfig' asks for one.", text.Path, 1);
        foreach (var (rule, message, isWrong) in Rules(settings))
        {
            if (text.Before is { } before && Lines(before).Any(isWrong)) continue;
            var number = 0;
            var wrong = Lines(after).Select(line => (Line: line, Number: ++number)).Where(l => isWrong(l.Line)).Select(l => l.Number).ToList();
            if (wrong.Count > 0) yield return Told(rule, $"{(wrong.Count == 1 ? "A line" : $"{wrong.Count} lines")} {message}", text.Path, wrong[0]);
        }
    }

    private static IEnumerable<(string Rule, string Message, Func<string, bool> IsWrong)> Rules(IReadOnlyDictionary<string, string> settings)
    {
        if (settings.GetValueOrDefault("trim_trailing_whitespace") == "true")
            yield return ("format/trailing-space", "with space at the end, and '.editorconfig' asks for none.", line => line.TrimEnd('\r') is [.., ' ' or '\t']);
        if (settings.GetValueOrDefault("indent_style") is "space") yield return ("format/indent", "indented with tabs, and '.editorconfig' asks for spaces.", line => line.StartsWith('\t'));
        else if (settings.GetValueOrDefault("indent_style") is "tab") yield return ("format/indent", "indented with spaces, and '.editorconfig' asks for tabs.", line => line.StartsWith("    ", StringComparison.Ordinal));
        if (settings.GetValueOrDefault("end_of_line") is "lf") yield return ("format/line-end", "ended with CR LF, and '.editorconfig' asks for LF.", line => line.EndsWith('\r'));
        else if (settings.GetValueOrDefault("end_of_line") is "crlf") yield return ("format/line-end", "ended with LF, and '.editorconfig' asks for CR LF.", line => line.Length > 0 && !line.EndsWith('\r'));
    }

    // The last piece has no end.
    private static IEnumerable<string> Lines(string text) => text.Split('\n') is var lines && lines[^1].Length == 0 ? lines.SkipLast(1) : lines;

    private static Finding Told(string rule, string message, RepositoryPath path, int line) => new(Severity.Warning, rule, message, path, line, "'dotnet format' or your editor mends it.");
}
