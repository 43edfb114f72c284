using System.Text.RegularExpressions;
using TarsEngine.Documents;
using TarsEngine.Permissions;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>Reads the lines of a constraints document, section by section.</summary>
internal sealed partial class ConstraintLines(string source)
{
    private enum Part
    {
        Unknown,
        Can,
        Cannot,
        Approval,
        Quality,
        Rollback,
        Session,
        Checks,
    }

    private readonly DocumentProblems notices = new(source);
    private readonly DocumentProblems problems = new(source);
    private readonly List<string> folders = [];
    private readonly List<string> files = [];
    private readonly List<PathPattern> forbidden = [];
    private readonly List<string> words = [];
    private Part part;
    private bool saysWhatMay;
    private ConstraintsDocument read = new([], []);

    public void Enter(string heading, int line)
    {
        var text = PlanMarkup.Words(heading);
        part = text switch
        {
            _ when Has("cannot") || Has("can not") || Has("must not") || Has("forbidden") => Part.Cannot,
            _ when Has("approval") => Part.Approval,
            _ when Has("safety checks") => Part.Checks,
            _ when Has("quality requirements") => Part.Quality,
            _ when Has("rollback triggers") => Part.Rollback,
            _ when Has("session limits") => Part.Session,
            _ when Has("mode can do") || Has("can do") => Part.Can,
            // 'Code Operations' and the like, inside 'CAN do'.
            _ when Has("operations") && part == Part.Can => Part.Can,
            _ => Part.Unknown,
        };
        saysWhatMay |= part == Part.Can;
        if (part == Part.Unknown && text is not ("autonomous mode constraints" or "constraints")) Notice(line, $"The section '{heading.Trim()}' isn't known; nothing under it has an effect.");

        bool Has(string phrase) => (" " + text + " ").Contains(" " + phrase + " ", StringComparison.Ordinal);
    }

    public void Take(string line, int number)
    {
        var text = BulletMark().Replace(line, "").Trim();
        var plain = PlanMarkup.Words(text);
        var isUnderstood = part switch
        {
            Part.Can => Can(text, plain),
            Part.Cannot or Part.Approval => Forbid(text, plain),
            Part.Quality => Ask(text, plain, number),
            Part.Rollback or Part.Session => Limit(text, plain),
            _ => true,
        };
        if (!isUnderstood) Notice(number, $"'{text}' isn't understood; {(part == Part.Can ? "it allows nothing" : "it has no effect")}. The configuration's 'autonomous.constraints' says it plainly.");
    }

    public ConstraintsDocument Done(IReadOnlyList<DocumentProblem> unreadable) => read with
    {
        Notices = notices.List,
        Problems = [.. unreadable, .. problems.List],
        AllowedFolders = folders.Count > 0 ? [.. folders.Distinct(StringComparer.Ordinal)] : null,
        AllowedFiles = saysWhatMay ? [.. files.Distinct(StringComparer.Ordinal)] : null,
        ForbiddenPaths = forbidden,
        ForbiddenWords = words,
    };

    private bool Can(string text, string plain)
    {
        var found = LinesLimit(text);
        foreach (var folder in Paths(text).Where(p => p.EndsWith('/') && p[0] is not ('.' or '/') && !p.Contains('*', StringComparison.Ordinal) && PathPattern.TryParse(p, out _, out _)))
        {
            folders.Add(folder);
            found = true;
        }
        if (plain.Contains("readme", StringComparison.Ordinal)) files.Add("README.md");
        if (plain.Contains("changelog", StringComparison.Ordinal)) files.Add("CHANGELOG.md");
        return found || plain.Contains("readme", StringComparison.Ordinal) || plain.Contains("changelog", StringComparison.Ordinal) || Ordinary().IsMatch(plain);
    }

    // What it names is forbidden besides; what the defaults forbid anyway is understood.
    private bool Forbid(string text, string plain)
    {
        var found = LinesLimit(text) || Known().IsMatch(plain);
        foreach (var path in Paths(text))
        {
            // A person's approval of some path can't be told from a refusal here: the night refuses.
            if (!PathPattern.TryParse(path, out var pattern, out _)) continue;
            forbidden.Add(pattern);
            found = true;
        }
        foreach (var word in Quoted().Matches(text).Select(m => m.Groups["word"].Value))
        {
            words.Add(word);
            found = true;
        }
        return found;
    }

    private bool Ask(string text, string plain, int line)
    {
        if (plain.Contains("alignment", StringComparison.Ordinal))
        {
            if (AtLeast().Match(text) is not { Success: true } match || ConstraintsDocument.Int(match.Groups["number"].Value) > 100)
                problems.Add(line, 1, $"'{text}' names no score out of 100, such as 'Alignment Score ≥80'.");
            else read = read with { MinAlignment = Math.Max(read.MinAlignment ?? 0, ConstraintsDocument.Int(match.Groups["number"].Value)) };
            return true;
        }
        if (!plain.Contains("lines", StringComparison.Ordinal)) return plain.Contains("tests", StringComparison.Ordinal) || plain.Contains("forbidden", StringComparison.Ordinal) || plain.Contains("quality gate", StringComparison.Ordinal) || plain.Contains("commit", StringComparison.Ordinal);
        if (!LinesLimit(text)) problems.Add(line, 1, $"'{text}' names no number of lines, such as 'Estimated Lines ≤30'.");
        return true;
    }

    private bool Limit(string text, string plain)
    {
        if (Count().Match(text) is { Success: true } match)
        {
            var number = ConstraintsDocument.Int(match.Groups["number"].Value);
            if (plain.Contains("attempt", StringComparison.Ordinal)) read = read with { MaxAttempts = Math.Min(read.MaxAttempts ?? int.MaxValue, number) };
            else if (plain.Contains("consecutive", StringComparison.Ordinal)) read = read with { MaxConsecutiveFailures = number };
            else if (plain.Contains("tasks per session", StringComparison.Ordinal)) read = read with { MaxTasks = number };
            else if (ConstraintsDocument.Duration(number, match.Groups["unit"].Value.ToLowerInvariant()) is not { } time) return false;
            else if (plain.Contains("session", StringComparison.Ordinal)) read = read with { MaxDuration = time };
            else if (plain.Contains("task", StringComparison.Ordinal)) read = read with { TaskTimeout = time };
            return true;
        }
        return plain.Contains("test", StringComparison.Ordinal) || plain.Contains("gate", StringComparison.Ordinal) || plain.Contains("lint", StringComparison.Ordinal) || plain.Contains("type error", StringComparison.Ordinal);
    }

    private bool LinesLimit(string text)
    {
        if (LineLimit().Match(text) is not { Success: true } match) return false;
        var digits = match.Groups["number"].Length > 0 ? match.Groups["number"].Value : match.Groups["behind"].Value;
        read = read with { MaxLines = Math.Min(read.MaxLines ?? int.MaxValue, ConstraintsDocument.Int(digits)) };
        return true;
    }

    // In backticks, with a dot before it, with a slash behind it, or a slash and an ending: 'CI/CD' is none.
    private static IEnumerable<string> Paths(string text) =>
        from word in text.Split([' ', '\t', ',', ';', '(', ')', ':'], StringSplitOptions.RemoveEmptyEntries)
        let path = word.Trim('`', '"', '*', '\'')
        where path.Length > 1 && path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '/' or '*' or '_' or '-' or '@')
        where word.StartsWith('`') || (path[0] == '.' && char.IsAsciiLetter(path[1])) || path.EndsWith('/') || (path.Contains('/', StringComparison.Ordinal) && path.AsSpan().ContainsAny('.', '*'))
        select path;

    private void Notice(int line, string message) => notices.Add(line, 1, message);

    [GeneratedRegex(@"^\s*([-*+•]|[0-9]{1,9}[.)])\s+[^\p{L}\p{N}`""'./<>≤≥*]*", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex BulletMark();

    [GeneratedRegex(@"(<|≤|>|≥|<=|>=|up to|under|at most|over|more than)\s*(?<number>[0-9]{1,6})\s*lines|lines\W*\s*(<|≤|<=|at most|up to)\s*(?<behind>[0-9]{1,6})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex LineLimit();

    [GeneratedRegex(@"(≥|>=|at least|>)\s*(?<number>[0-9]{1,6})", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex AtLeast();

    [GeneratedRegex(@"(?<number>[0-9]{1,6})\s*(?<unit>minutes?|min|hours?|)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Count();

    [GeneratedRegex(@"[""“](?<word>[^""“”]{2,60})[""”]", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(functions?|tests?|docstrings?|comments?|lint(ing|er)?|type hints?|refactor|documentation|modify existing files|move files|bugs?|format(ting)?)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Ordinary();

    [GeneratedRegex(@"\b(delete any files?|delete files?|production config(uration)?|database|dependenc(y|ies)|ci cd|pipelines?|authentication|security|external (services?|integrations?)|main branch|push to remote|gitignore|env|architectural changes?|migrations?|larger?|lines)\b", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Known();
}
