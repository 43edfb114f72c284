using TarsEngine.Changes;
using TarsEngine.Files;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Constraints;

/// <summary>
/// Holds the constraints against a task before it runs, and against what an agent really changed. Nothing that an agent says counts, and what
/// can't be known is refused.
/// </summary>
public static class ConstraintCheck
{
    /// <summary>Everything that speaks against running the task without a person; empty when it is safe.</summary>
    public static IReadOnlyList<Violation> OfTask(PlannedTask task, AutonomousConstraints constraints) => [.. TaskCheck.Check(task, constraints)];

    /// <summary>Everything that speaks against landing the change without a person.</summary>
    /// <param name="tree">What the change was made on.</param>
    /// <param name="read">The bytes of a state at a path, before or after; of a symlink its target.</param>
    /// <param name="task">What it was made for; where a person approved it, nobody needs to approve that again.</param>
    public static IReadOnlyList<Violation> OfChange(
        ChangeSet change, TreeSnapshot tree, Func<RepositoryPath, FileState, byte[]> read, AutonomousConstraints constraints, PlannedTask? task = null) =>
        new ChangeCheck(change, tree, read, constraints, task).Check();

    /// <summary>The same for files that somebody means to change, by their paths alone.</summary>
    public static IReadOnlyList<Violation> OfPaths(IEnumerable<RepositoryPath> paths, AutonomousConstraints constraints, PlannedTask? task = null) =>
        [.. paths.Distinct().SelectMany(path => PathCheck.Check(path, constraints, task))];

    internal static IEnumerable<Violation> Unreadable(AutonomousConstraints constraints)
    {
        if (constraints.Unreadable is { } why)
            yield return new("constraints/document", Violation.Critical, $"The constraints can't be read, so nothing is safe: {why}", null, Blocked: true) { Remedy = "Mend the document, or the configuration; 'tarscli tasks check' tells when it is well." };
    }
}
