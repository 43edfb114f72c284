using TarsEngine.Files;
using TarsEngine.Permissions;
using TarsEngine.Validation.Tampering;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>One path against the constraints.</summary>
internal static class PathCheck
{
    public static IEnumerable<Violation> Check(RepositoryPath path, AutonomousConstraints constraints, PlannedTask? task)
    {
        foreach (var own in constraints.OwnDocuments.Where(own => IsSame(own, path)))
            yield return Critical("constraints/plan", $"An agent may not write what tells it what to do: {path}", path);
        foreach (var rule in constraints.ForbiddenPaths.Where(rule => rule.Matches(path)).DistinctBy(rule => rule.Rule))
            yield return Critical(rule.Rule, rule.Message, path);
        if (!IsAllowed(path, constraints))
        {
            yield return new("constraints/folder", Violation.High, $"File outside approved directories: {path}", path, Blocked: true)
            {
                Remedy = $"Approved are {string.Join(", ", constraints.AllowedFolders.Concat(constraints.AllowedFiles))}.",
            };
        }
        if (IsTest(path) || task?.IsApprovedByPerson == true) yield break;
        foreach (var need in constraints.Approvals.Where(need => Needs(need, path)))
            yield return new(need.Rule, Violation.High, $"{need.Message}: {path}", path, Blocked: false) { Remedy = "A person must look at it, or approve the task before it runs." };
    }

    /// <summary>Letter case counts: on a disk where it doesn't, the stricter reading is right too.</summary>
    public static bool IsAllowed(RepositoryPath path, AutonomousConstraints constraints) =>
        constraints.AllowedFiles.Contains(path.Value, StringComparer.Ordinal) || constraints.AllowedFolders.Any(folder => path.Value.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>By its folder or its name; a project of tests counts with all of its files.</summary>
    public static bool IsTest(RepositoryPath path)
    {
        var folders = path.Value.Split('/')[..^1];
        return folders.Any(f => f.ToUpperInvariant() is "TESTS" or "TEST" or "__TESTS__" or "SPEC" or "SPECS" || f.EndsWith(".Tests", StringComparison.OrdinalIgnoreCase) || f.EndsWith(".Test", StringComparison.OrdinalIgnoreCase))
            || TestCode.HasTestName(path);
    }

    private static bool Needs(ApprovalNeed need, RepositoryPath path) =>
        need.Paths.Any(p => p.Matches(path)) || WordSearch.Split(path.Value).Any(word => need.NameWords.Contains(word, StringComparer.Ordinal));

    // In every spelling that some disk takes for it.
    private static bool IsSame(RepositoryPath own, RepositoryPath path) => FoldedPath.Segments(own.Value).AsSpan().SequenceEqual(FoldedPath.Segments(path.Value));

    private static Violation Critical(string rule, string message, RepositoryPath path) => new(rule, Violation.Critical, message, path, Blocked: true);
}
