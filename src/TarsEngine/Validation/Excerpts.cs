using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Validation;

/// <summary>Shows the line that a finding is about. Of what policy hides from commands, and of secrets, nothing is shown: findings are kept and passed on.</summary>
internal sealed class Excerpts(OneValidation validation, Func<RepositoryPath, FileState, byte[]> content)
{
    private const long MaxBytes = 8 * 1024 * 1024;
    private const int MaxLength = 300, MostFindings = 500;
    private const string Secret = "quality/secret", OnBase = "baseline/";
    private (RepositoryPath Path, FileState State, string[] Lines)? last;
    private int shown;

    public Finding On(Finding finding)
    {
        if (finding is not { Path: { } path, Line: > 0 and var number, Excerpt: null } || finding.Rule == Secret || shown >= MostFindings) return finding;
        var tree = validation.Visible(finding.Rule.StartsWith(OnBase, StringComparison.Ordinal) ? validation.Request.Base : validation.Result);
        if (tree[path] is not { Kind: EntryKind.File, Size: > 0 and <= MaxBytes } state || LinesOf(path, state) is not { } lines || number > lines.Length) return finding;
        shown++;
        var line = lines[number - 1];
        return finding with { Excerpt = line.Length <= MaxLength ? line : line[..(char.IsHighSurrogate(line[MaxLength - 1]) ? MaxLength - 1 : MaxLength)] + "…" };
    }

    private string[]? LinesOf(RepositoryPath path, FileState state)
    {
        if (last is { } known && known.Path == path && known.State == state) return known.Lines;
        try
        {
            var lines = Encoding.UTF8.GetString(content(path, state)).TrimStart('\uFEFF').ReplaceLineEndings("\n").Split('\n');
            last = (path, state, lines);
            return lines;
        }
        catch (ContentMovedException)
        {
            // The codebase moves on while checks run; a verdict does not hang on an excerpt.
            return null;
        }
    }
}
