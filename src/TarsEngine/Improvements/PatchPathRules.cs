using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>What the files of one patch may not do together. Every problem is reported, each with its line.</summary>
internal static class PatchPathRules
{
    public static List<PatchProblem> Check(IReadOnlyList<PatchFile> files)
    {
        var problems = new List<PatchProblem>();
        foreach (var file in files)
        {
            foreach (var path in new[] { file.OldPath, file.NewPath }.OfType<RepositoryPath>().Distinct().Where(p => p.IsMetadata))
                problems.Add(new(file.Line, $"'{path}' belongs to git or to this system; nothing under .git/ or .tars/ may be changed.", IsDenied: true));
        }
        CheckTwice(files, problems);
        CheckFolders(files, problems);
        CheckTwins(files, problems);
        problems.Sort((a, b) => a.Line.CompareTo(b.Line));
        return problems;
    }

    /// <summary>A path may be left once and reached once; only a change between file and symlink is both, as a deletion and a creation.</summary>
    private static void CheckTwice(IReadOnlyList<PatchFile> files, List<PatchProblem> problems)
    {
        var left = new Dictionary<RepositoryPath, PatchFile>();
        var reached = new Dictionary<RepositoryPath, PatchFile>();
        foreach (var file in files)
        {
            var twice = (file.OldPath is { } old && file.Kind != PatchFileKind.Copy && !left.TryAdd(old, file) ? left[old] : null)
                ?? (file.NewPath is { } @new && !reached.TryAdd(@new, file) ? reached[@new] : null);
            if (twice is null && file is { Kind: PatchFileKind.Create, NewPath: { } made } && left.TryGetValue(made, out var gone)
                && gone.Kind == PatchFileKind.Delete && gone.IsSymlink == file.IsSymlink) twice = gone;
            if (twice is not null)
                problems.Add(new(file.Line, $"'{file.Path}' is changed twice in one patch, first at line {twice.Line}; give one patch per commit, or combine them."));
        }
    }

    /// <summary>Nothing may lie below what the patch leaves as a file or symlink.</summary>
    private static void CheckFolders(IReadOnlyList<PatchFile> files, List<PatchProblem> problems)
    {
        var after = new Dictionary<RepositoryPath, PatchFile>();
        foreach (var file in files.Where(f => f.NewPath is not null)) after.TryAdd(file.NewPath!.Value, file);
        foreach (var file in after.Values)
        {
            foreach (var folder in file.NewPath!.Value.Ancestors())
            {
                if (!after.TryGetValue(folder, out var above)) continue;
                problems.Add(new(file.Line, above.IsSymlink
                    ? $"'{file.NewPath}' would be written through the symlink '{folder}' (line {above.Line})."
                    : $"'{file.NewPath}' lies below '{folder}', which the patch leaves as a file (line {above.Line}).", above.IsSymlink));
            }
        }
    }

    /// <summary>A new name may not differ from another one of the patch by letter case only, nor may the folders above it.</summary>
    private static void CheckTwins(IReadOnlyList<PatchFile> files, List<PatchProblem> problems)
    {
        var spelled = new Dictionary<string, (string Spelling, bool IsNew, int Line)>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in files.Where(f => f.NewPath is not null))
        {
            var path = file.NewPath!.Value;
            var isNew = file.Kind != PatchFileKind.Modify;
            foreach (var name in path.Ancestors().Append(path).Select(p => p.Value))
            {
                if (!spelled.TryGetValue(name, out var other)) spelled[name] = (name, isNew, file.Line);
                else if (!string.Equals(other.Spelling, name, StringComparison.Ordinal) && (isNew || other.IsNew))
                {
                    problems.Add(new(file.Line, $"'{ByteText.Display(name)}' and '{ByteText.Display(other.Spelling)}' (line {other.Line}) differ by letter case only; that can't be checked out everywhere.", IsDenied: true));
                    break;
                }
            }
        }
    }
}
