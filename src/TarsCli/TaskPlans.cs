using TarsAutonomy.Constraints;
using TarsAutonomy.NightShift;
using TarsAutonomy.Tasks;
using TarsCli.Output;
using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsCli;

/// <summary>The plan as it lies in the working tree, with the constraints that hold there.</summary>
internal sealed record TaskPlans(WorkingDocument Document, TaskPlan Plan, AutonomousConstraints Constraints)
{
    /// <summary>Where the plan lies.</summary>
    public RepositoryPath Path => Document.Path;

    /// <summary>Reads both and tells, on standard error, what is wrong with them and where a night would see something else.</summary>
    public static async Task<TaskPlans> ReadAsync(CommandRun run, CancellationToken cancellation)
    {
        var user = NightSettings.Of(run.Codebase);
        var configuration = await WorkingDocument.ReadAsync(run.Codebase, BaseRules.Configuration, cancellation);
        var constraints = await WorkingDocument.ReadAsync(run.Codebase, user.Session.Constraints, cancellation);
        var rules = BaseRules.Of(constraints.Bytes, configuration.Bytes, user);
        var plan = await WorkingDocument.ReadAsync(run.Codebase, rules.Settings.Session.Plan, cancellation);
        if (plan.Bytes is null) throw new UsageException($"There is no plan: '{plan.Path}' isn't there.", "'tarscli autonomous init' writes one to begin with.");
        var read = TaskPlan.Read(plan.Bytes, plan.Path.ToString());
        foreach (var problem in read.Problems) Tell(run, problem);
        foreach (var problem in rules.Problems) run.Screen.Talk(problem.Message, Style.Warn);
        foreach (var line in rules.WithoutEffect) Tell(run, line);
        foreach (var notice in rules.Notices) run.Screen.Talk(notice.Message, Style.Warn);
        foreach (var one in (WorkingDocument[])[plan, constraints, configuration])
        {
            if (!one.IsCommitted) run.Screen.Talk($"'{one.Path}' differs from the last commit; a night works with the commit's.", Style.Warn);
        }
        return new(plan, read, rules.Constraints);
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
