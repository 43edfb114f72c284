using System.Text;
using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Checks;

/// <summary>Where a codebase is red by itself: what in its tree is a usual cause. It decides nothing.</summary>
internal sealed partial class Pitfalls(TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> content)
{
    private const int MostPointerBytes = 1_024;
    private const int MostLookedAt = 2_000;
    private static readonly RepositoryPath modules = RepositoryPath.Parse(".gitmodules");

    public IEnumerable<Finding> Find()
    {
        var pointers = tree.Entries.Where(entry => entry.Value is { Kind: EntryKind.File, Size: > 100 and <= MostPointerBytes }).Take(MostLookedAt)
            .Where(entry => content(entry.Key, entry.Value).AsSpan().StartsWith("version https://git-lfs.github.com/spec/"u8)).Select(entry => entry.Key).ToList();
        if (pointers.Count > 0)
            yield return new(Severity.Info, "baseline/lfs-pointer", $"'{pointers[0]}'{(pointers.Count > 1 ? $" and {pointers.Count - 1} more files" : "")} hold Git LFS pointers and not their contents: what reads them fails.", pointers[0], Remedy: "Run 'git lfs pull' in the codebase.");
        foreach (var path in EmptySubmodules())
            yield return new(Severity.Info, "baseline/submodule", $"The submodule '{path}' is empty here: what needs its files fails.", modules, Remedy: "Submodules are not part of a workspace: describe checks that do without, in your own configuration.");
    }

    private IEnumerable<string> EmptySubmodules()
    {
        if (tree[modules] is not { Kind: EntryKind.File, Size: <= 1024 * 1024 } state) return [];
        return Path().Matches(Encoding.UTF8.GetString(content(modules, state))).Select(match => match.Groups["path"].Value.Trim()).Take(20)
            .Where(path => !tree.Entries.Keys.Any(file => file.Value.StartsWith(path + "/", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"^\s*path\s*=\s*(?<path>.+)$", RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Path();
}
