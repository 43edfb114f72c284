using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Quality;

/// <summary>New files without a licence's header, where nearly all others of their kind have one.</summary>
internal sealed partial class LicenceHeaders(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
{
    private const int LeastFiles = 10;
    private const int MostLooked = 40;
    private const int HeadBytes = 2_000;
    private const double LeastShare = 0.8;

    private static readonly string[] Kinds = [".cs", ".fs", ".vb", ".py", ".js", ".ts", ".tsx", ".java", ".kt", ".go", ".rs", ".c", ".h", ".cc", ".cpp", ".hpp", ".sh", ".swift", ".scala"];

    private readonly Dictionary<string, bool> usual = new(StringComparer.OrdinalIgnoreCase);

    public IEnumerable<Finding> Find(FileChange change)
    {
        var kind = Path.GetExtension(change.Path.Name);
        if (change is not { Before: null, After: { Kind: EntryKind.File, Size: > 0 } after } || !Kinds.Contains(kind, StringComparer.OrdinalIgnoreCase) || HasHeader(change.Path, after) || !IsUsual(kind)) yield break;
        yield return new(Severity.Warning, "quality/licence-header", $"'{change.Path}' has no licence header; nearly all '{kind}' files of the codebase have one.", change.Path, 1, "Copy the one of its neighbours.");
    }

    private bool IsUsual(string kind)
    {
        if (usual.TryGetValue(kind, out var known)) return known;
        var all = tree.Entries.Where(e => e.Value is { Kind: EntryKind.File, Size: > 0 and < 1_000_000 } && e.Key.Name.EndsWith(kind, StringComparison.OrdinalIgnoreCase)).ToList();
        // Spread over the whole codebase, not its first folder.
        var step = Math.Max(1, all.Count / MostLooked);
        var looked = all.Where((_, i) => i % step == 0).Take(MostLooked).ToList();
        return usual[kind] = looked.Count >= LeastFiles && looked.Count(e => HasHeader(e.Key, e.Value)) >= LeastShare * looked.Count;
    }

    private bool HasHeader(RepositoryPath path, FileState state)
    {
        var bytes = content(path, state);
        return Header().IsMatch(Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, HeadBytes))));
    }

    [GeneratedRegex(@"^\s*(\uFEFF)?\s*(#![^\n]*\n)?\s*(//|/\*|#|--|;|')[^\n]*(\n[^\n]*){0,12}(copyright|SPDX-License|licensed under|licence|license)", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Header();
}
