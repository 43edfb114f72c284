using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Syntax;
using TarsEngine.Validation.Syntax.Toolchain;

namespace TarsEngine.Validation;

/// <summary>Parses every changed file in-process. Only what the change broke counts: a file that did not parse before stays the codebase's affair.</summary>
internal sealed class SyntaxValidator(Func<RepositoryPath, FileState, byte[]> content)
{
    /// <summary>Larger files are data; saying so is better than parsing for minutes.</summary>
    private const long MaxBytes = 8 * 1024 * 1024;

    public IReadOnlyList<Finding> Validate(ChangeSet changes)
    {
        var findings = new List<Finding>();
        var unknown = new SortedDictionary<string, List<RepositoryPath>>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change.After is not { Kind: EntryKind.File, Size: > 0 } after || after.Hash == change.Before?.Hash) continue;
            var name = change.Path.Name;
            if (FileKinds.ParserFor(name) is not { } parser)
            {
                // What a toolchain knows is for it to say.
                if (FileKinds.IsPlainText(name) || LanguageChecker.For(name) is not null) continue;
                var kind = Path.GetExtension(name) is { Length: > 0 } extension ? $"'{ByteText.Display(extension.ToLowerInvariant())}'" : "no extension";
                if (!unknown.TryGetValue(kind, out var paths)) unknown[kind] = paths = [];
                paths.Add(change.Path);
            }
            else if (after.Size > MaxBytes)
            {
                findings.Add(new(Severity.Info, "syntax/too-large", $"'{change.Path}' has {after.Size} bytes and was not parsed.", change.Path));
            }
            else
            {
                findings.AddRange(Parse(parser, change, after));
            }
        }
        foreach (var (kind, paths) in unknown)
        {
            var more = paths.Count == 1 ? $"'{paths[0]}'" : $"'{paths[0]}' and {paths.Count - 1} more";
            findings.Add(new(Severity.Info, "syntax/unknown-type", $"No syntax check knows files with {kind}: {more}.", paths[0]));
        }
        return findings;
    }

    private IEnumerable<Finding> Parse(ISyntaxParser parser, FileChange change, FileState after)
    {
        var problems = parser.Parse(change.Path.Name, content(change.Path, after));
        if (problems.Count == 0) yield break;
        var rule = "syntax/" + parser.Language;
        if (change.Before is { Kind: EntryKind.File, Size: <= MaxBytes } before && parser.Parse(change.Path.Name, content(change.Path, before)).Count > 0)
        {
            yield return new(Severity.Info, rule, $"'{change.Path}' did not parse before the change either: {problems[0].Message}", change.Path, problems[0].Line, Column: problems[0].Column, EndColumn: problems[0].EndColumn);
            yield break;
        }
        // A new data file that does not parse may be a fixture for just that; code and projects are never meant so.
        var isData = change.Before is null && parser is not CSharpParser && !XmlParser.IsMsBuild(change.Path.Name);
        foreach (var problem in problems)
            yield return new(isData ? Severity.Hold : Severity.Error, rule, problem.Message, change.Path, problem.Line, "Mend the file so that it parses.", problem.Column, null, problem.EndColumn);
    }
}
