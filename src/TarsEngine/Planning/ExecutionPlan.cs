using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>The steps of an improvement in the order in which their effects follow each other: stable, and every dependency before what needs it.</summary>
public sealed record ExecutionPlan(ImprovementId Improvement, IReadOnlyList<ExecutionStep> Steps)
{
    /// <summary>The same steps by wave: those of one wave may run side by side.</summary>
    public IReadOnlyList<IReadOnlyList<ExecutionStep>> Waves { get; } =
        [.. Steps.GroupBy(s => s.Wave).OrderBy(g => g.Key).Select(g => (IReadOnlyList<ExecutionStep>)[.. g])];

    /// <summary>The named transactions in the order of their first step.</summary>
    public IReadOnlyList<string> Transactions { get; } = [.. Steps.Select(s => s.Transaction).Distinct(StringComparer.Ordinal)];
}

/// <summary>What planning gave.</summary>
public abstract record PlanResult;

/// <summary>The plan holds.</summary>
/// <param name="Warnings">What is worth knowing: steps that had to be put in an order, for one.</param>
public sealed record Planned(ExecutionPlan Plan, IReadOnlyList<Finding> Warnings) : PlanResult;

/// <summary>The plan can't be executed; nothing was begun.</summary>
/// <param name="Problems">Everything that is wrong with it.</param>
public sealed record PlanRefused(IReadOnlyList<PlanProblem> Problems) : PlanResult;

/// <summary>The improvement holds nothing that could change anything.</summary>
public sealed record PlanEmpty(string Explanation) : PlanResult;

/// <summary>What kind of thing is wrong with a plan.</summary>
public enum PlanProblemKind
{
    InvalidId,
    DuplicateId,
    UnknownDependency,
    Cycle,
    BadPatch,

    /// <summary>A step needs a file that an earlier step deletes or moves away.</summary>
    NeedsDeletedFile,

    /// <summary>A step needs a file that isn't in the codebase.</summary>
    FileMissing,

    /// <summary>A step creates a file that is there already.</summary>
    FileExists,
}

/// <summary>One thing that is wrong with a plan.</summary>
/// <param name="Step">The step that it is about.</param>
/// <param name="Message">What, which one, and how to go on.</param>
public sealed record PlanProblem(PlanProblemKind Kind, string Step, string Message, RepositoryPath? Path = null)
{
    /// <summary>As a finding, for reports.</summary>
    public Finding ToFinding() => new(Severity.Error, "plan/" + Names.WithDashes(Kind.ToString()), Message, Path);
}
