using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsCli.Output;
using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsCli;

/// <summary>The plan as it lies in the working tree, with the constraints that hold there.</summary>
internal sealed record TaskPlans(WorkingDocument Document, TaskPlan Plan, AutonomousConstraints Constraints)
{
    public static RepositoryPath Path { get; } = RepositoryPath.Parse(TaskPlan.DefaultPath);

    public static RepositoryPath ConstraintsPath { get; } = RepositoryPath.Parse(ConstraintsDocument.DefaultPath);

    /// <summary>Reads both and tells, on standard error, what is wrong with them and where a night would see something else.</summary>
    public static async Task<TaskPlans> ReadAsync(CommandRun run, CancellationToken cancellation)
    {
        var plan = await WorkingDocument.ReadAsync(run.Codebase, Path, cancellation);
        if (plan.Bytes is null) throw new UsageException($"There is no plan: '{Path}' isn't there.", "'tarscli autonomous init' writes one to begin with.");
        var read = TaskPlan.Read(plan.Bytes);
        foreach (var problem in read.Problems) Tell(run, problem);
        var constraints = await WorkingDocument.ReadAsync(run.Codebase, ConstraintsPath, cancellation);
        var document = constraints.Bytes is null ? null : ConstraintsDocument.Read(constraints.Bytes);
        foreach (var problem in (document?.Problems ?? []).Concat(document?.Notices ?? [])) Tell(run, problem);
        foreach (var one in (WorkingDocument[])[plan, constraints])
        {
            if (!one.IsCommitted) run.Screen.Talk($"'{one.Path}' differs from the last commit; a night works with the commit's.", Style.Warn);
        }
        return new(plan, read, ConstraintJoin.Of(document, ConstraintSettings.None, ConstraintSettings.None).Constraints);
    }

    /// <summary>Everything that speaks against a task.</summary>
    public IReadOnlyList<Violation> Check(PlannedTask task) => ConstraintCheck.OfTask(task, Constraints);

    /// <summary>What a task may do, in a word or by the rule that speaks against it first: what blocks before what needs a person.</summary>
    public (string Text, Style Style) VerdictOf(PlannedTask task) => Check(task).OrderByDescending(v => v.Blocked).ToList() switch
    {
        [] => ("safe", Style.Good),
        [var first, .. var rest] => (first.Rule + (rest.Count > 0 ? $" and {rest.Count} more" : ""), first.Blocked ? Style.Bad : Style.Warn),
    };

    /// <summary>That there is no such task, with the nearest that there is.</summary>
    public Ending NotFound(string id) => new(ExitCode.NotFound, $"Task not found: the plan has no task '{id}'{(Plan.Tasks.Any(t => t.Id == id) ? " that is the only one of its name" : "")}.{NearestName.Hint(id, Plan.Tasks.Select(t => t.Id).Where(other => other != id))}")
    {
        Hints = ["'tarscli tasks list' shows every task."],
    };

    private static void Tell(CommandRun run, DocumentProblem problem) => run.Screen.Talk(problem.ToString(), Style.Warn);
}
