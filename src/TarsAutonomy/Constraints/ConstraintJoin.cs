using TarsEngine.Configuration;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsAutonomy.Constraints;

/// <summary>The constraints in force.</summary>
/// <param name="Notices">What was left out of a codebase's own files, and why.</param>
public sealed record JoinedConstraints(AutonomousConstraints Constraints, IReadOnlyList<ConfigurationNotice> Notices);

/// <summary>
/// Joins the defaults, the document of the base, the user's own configuration and the codebase's: the strictest counts, but for what the
/// user's own loosens, and for folders, line limit and score, which the document sets for its codebase.
/// </summary>
public static class ConstraintJoin
{
    /// <param name="document">Null where there is none.</param>
    public static JoinedConstraints Of(ConstraintsDocument? document, ConstraintSettings user, ConstraintSettings repository, string repositoryFile = ConfigurationLoader.RepositoryFileName)
    {
        var notices = new List<ConfigurationNotice>();
        var joined = Tightened(Loosened(Documented(AutonomousConstraints.Default, document), user), repository, Ignored);
        return new(joined, notices);

        void Ignored(string key, string what) => notices.Add(new("config/loosens", "autonomous.constraints." + key,
            $"'autonomous.constraints.{key}' in {repositoryFile} {what}; it was ignored, because a codebase's own file can only tighten. Put it into your own configuration if you want it."));
    }

    private static AutonomousConstraints Documented(AutonomousConstraints constraints, ConstraintsDocument? document) => document is null ? constraints : constraints with
    {
        AllowedFolders = document.AllowedFolders ?? constraints.AllowedFolders,
        AllowedFiles = document.AllowedFiles ?? constraints.AllowedFiles,
        MaxLines = document.MaxLines ?? constraints.MaxLines,
        MinAlignment = document.MinAlignment ?? constraints.MinAlignment,
        ForbiddenPaths = Forbidding(constraints.ForbiddenPaths, document.ForbiddenPaths),
        ForbiddenWords = [.. constraints.ForbiddenWords.Union(document.ForbiddenWords, StringComparer.OrdinalIgnoreCase)],
        Unreadable = document.Problems is [DocumentProblem first, ..] ? first.ToString() : null,
    };

    private static AutonomousConstraints Loosened(AutonomousConstraints constraints, ConstraintSettings user) => constraints with
    {
        AllowedFolders = user.AllowedFolders ?? constraints.AllowedFolders,
        AllowedFiles = user.AllowedFiles ?? constraints.AllowedFiles,
        MaxLines = user.MaxLines ?? constraints.MaxLines,
        MaxLinesWithTests = user.MaxLinesWithTests ?? constraints.MaxLinesWithTests,
        MinAlignment = user.MinAlignment ?? constraints.MinAlignment,
        RequireTests = user.RequireTests ?? constraints.RequireTests,
        ForbiddenPaths = Forbidding([.. constraints.ForbiddenPaths.Select(p => p with { Except = [.. p.Except, .. user.PermittedPaths] })], user.ForbiddenPaths),
        ForbiddenWords = [.. constraints.ForbiddenWords.Except(user.PermittedWords, StringComparer.OrdinalIgnoreCase).Union(user.ForbiddenWords, StringComparer.OrdinalIgnoreCase)],
        ForbiddenContent = [.. constraints.ForbiddenContent.Where(c => !user.PermittedContent.Contains(c.Text, StringComparer.OrdinalIgnoreCase)), .. user.ForbiddenContent.Select(Content)],
        Approvals = [.. constraints.Approvals.Where(a => user.Approvals.GetValueOrDefault(a.Name, true))],
    };

    private static AutonomousConstraints Tightened(AutonomousConstraints constraints, ConstraintSettings repository, Action<string, string> ignored)
    {
        if (repository.PermittedPaths.Count > 0) ignored("permitted-paths", "permits files that are forbidden");
        if (repository.PermittedWords.Count > 0) ignored("permitted-words", "permits tasks that are forbidden");
        if (repository.PermittedContent.Count > 0) ignored("permitted-content", "permits content that is forbidden");
        foreach (var name in repository.Approvals.Where(a => !a.Value).Select(a => a.Key)) ignored("approvals." + name, "lets an agent do what needs a person");
        if (repository.RequireTests == false && constraints.RequireTests) ignored("require-tests", "lets tasks go without tests");
        return constraints with
        {
            AllowedFolders = Within("allowed-folders", constraints.AllowedFolders, repository.AllowedFolders, (folder, outer) => folder.StartsWith(outer, StringComparison.Ordinal)),
            AllowedFiles = Within("allowed-files", constraints.AllowedFiles, repository.AllowedFiles, (file, outer) => file == outer),
            MaxLines = Lower("max-lines", constraints.MaxLines, repository.MaxLines),
            MaxLinesWithTests = Lower("max-lines-with-tests", constraints.MaxLinesWithTests, repository.MaxLinesWithTests),
            MinAlignment = -Lower("min-alignment", -constraints.MinAlignment, -repository.MinAlignment),
            RequireTests = constraints.RequireTests || repository.RequireTests == true,
            ForbiddenPaths = Forbidding(constraints.ForbiddenPaths, repository.ForbiddenPaths),
            ForbiddenWords = [.. constraints.ForbiddenWords.Union(repository.ForbiddenWords, StringComparer.OrdinalIgnoreCase)],
            ForbiddenContent = [.. constraints.ForbiddenContent, .. repository.ForbiddenContent.Select(Content)],
            Approvals = [.. constraints.Approvals, .. DefaultConstraints.Approvals.Where(a => repository.Approvals.GetValueOrDefault(a.Name) && !constraints.Approvals.Contains(a))],
        };

        IReadOnlyList<string> Within(string key, IReadOnlyList<string> outer, IReadOnlyList<string>? asked, Func<string, string, bool> isInside)
        {
            if (asked is null) return outer;
            var inside = asked.Where(one => outer.Any(o => isInside(one, o))).ToList();
            if (inside.Count < asked.Count) ignored(key, $"allows more: {string.Join(", ", asked.Except(inside, StringComparer.Ordinal))}");
            return inside;
        }

        int Lower(string key, int limit, int? asked)
        {
            if (asked > limit) ignored(key, "asks for less than holds already");
            return Math.Min(limit, asked ?? limit);
        }
    }

    private static ForbiddenContent Content(string text) => new("constraints/content", "Forbidden content", text);

    private static IReadOnlyList<ForbiddenPath> Forbidding(IReadOnlyList<ForbiddenPath> paths, IReadOnlyList<PathPattern> more) =>
        more.Where(pattern => !IsForbidden(paths, pattern.Text)).ToList() is { Count: > 0 } others ? [.. paths, new("constraints/path", "Modifying a forbidden path", others, [])] : paths;

    // What is forbidden anyway is refused under the name that people know it by.
    private static bool IsForbidden(IReadOnlyList<ForbiddenPath> paths, string text) => RepositoryPath.TryParse(text.TrimEnd('/'), out var path, out _) && paths.Any(rule => rule.Matches(path));
}
