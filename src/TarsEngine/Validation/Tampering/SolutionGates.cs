using System.Text.RegularExpressions;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation.Tampering;

/// <summary>A test project that a solution no longer names, or no longer builds, isn't tested.</summary>
internal static partial class SolutionGates
{
    public static IEnumerable<Finding> Compare(ChangedText text, Predicate<RepositoryPath> isTest)
    {
        if (text.Before is null || !IsSolution(text.Path)) yield break;
        var after = Projects(text.Path, text.After ?? "").ToHashSet();
        foreach (var project in Projects(text.Path, text.Before).Where(p => !after.Contains(p) && isTest(p)).Distinct())
            yield return Hold($"The solution no longer names the test project '{project}'.", text);
        if (text.After is not null && Builds().Count(text.After) < Builds().Count(text.Before) && Projects(text.Path, text.Before).Count() <= after.Count)
            yield return Hold("The solution builds less than before, with the same projects.", text);
        if (text.After is not null && NoBuild().Count(text.After) > NoBuild().Count(text.Before))
            yield return Hold("The solution leaves a project out of its builds.", text);
    }

    private static bool IsSolution(RepositoryPath path) => Path.GetExtension(path.Name).ToUpperInvariant() is ".SLN" or ".SLNX" or ".SLNF";

    private static IEnumerable<RepositoryPath> Projects(RepositoryPath solution, string text)
    {
        foreach (Match match in Project().Matches(text))
        {
            var folder = solution.Parent is { } parent ? parent.Value + "/" : "";
            var name = folder + match.Groups["path"].Value.Replace("\\\\", "/", StringComparison.Ordinal).Replace('\\', '/');
            if (RepositoryPath.TryParse(name, out var path, out _)) yield return path;
        }
    }

    private static Finding Hold(string message, ChangedText text) => new(Severity.Hold, "tests/project", message, text.Path, Remedy: "A person must see why.");

    [GeneratedRegex("\"(?<path>[^\"\n]+\\.(cs|fs|vb)proj)\"", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase)]
    private static partial Regex Project();

    [GeneratedRegex(@"\.Build\.0\s*=", RegexOptions.NonBacktracking)]
    private static partial Regex Builds();

    [GeneratedRegex("<Build\\b[^>]*Project=\"false\"", RegexOptions.NonBacktracking | RegexOptions.IgnoreCase)]
    private static partial Regex NoBuild();
}
