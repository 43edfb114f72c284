using System.CommandLine;
using TarsAutonomy.Tasks;
using TarsCli.Output;
using TarsEngine;
using TarsEngine.Files;

namespace TarsCli.Commands;

/// <summary>
/// 'tasks approve': a person's word for a task. It writes the plan in the working tree at once, as a context of its own that can be rolled back,
/// and nothing else: the plan is the person's own document, so no build and no test is asked, and committing it stays the person's.
/// </summary>
internal static class TasksApproveCommand
{
    public static Command Create(CompositionRoot composition)
    {
        var id = new Argument<string>("id") { Description = "The task, such as task_4" };
        var command = new TarsCommand("approve", "Approve a pending task: it moves under 'Ready', with your name and the time",
            ("tarscli tasks approve task_4", "commit the plan then: a night works with what is committed"))
        {
            id,
        };
        command.SetWork(composition, async (run, cancellation) =>
        {
            var plans = await TaskPlans.ReadAsync(run, cancellation);
            var wanted = run.Parsed.GetRequiredValue(id);
            switch (TaskPlanEditor.Approve(plans.Document.Bytes!, wanted, run.Clock.GetLocalNow(), run.Reviewer))
            {
                case PlanNotEdited { IsMissing: true }:
                    return plans.NotFound(wanted);
                case PlanNotEdited not:
                    return new Ending(ExitCode.Conflict, $"Not approved: {not.Why}");
                case PlanEdited edited:
                    var outcome = await OwnDocuments.WriteAsync(run.Codebase, $"Approve {wanted}", new Dictionary<RepositoryPath, byte[]> { [plans.Path] = edited.Bytes },
                        new Dictionary<RepositoryPath, byte[]?> { [plans.Path] = plans.Document.Bytes }, cancellation);
                    return Say(run, plans with { Plan = TaskPlan.Read(edited.Bytes) }, wanted, outcome);
                case var other:
                    throw new InvalidOperationException($"A result without an ending: {other.GetType().Name}.");
            }
        });
        return command;
    }

    private static Ending Say(CommandRun run, TaskPlans plans, string id, ExecutionOutcome outcome)
    {
        var ending = Endings.Of(outcome);
        if (outcome is not ExecutionOutcome.Landed landed) return ending;
        run.Screen.Answer($"{id} is approved.");
        TasksShowCommand.WriteViolations(run.Screen, plans.Check(plans.Plan.Find(id)!));
        return ending with { Hints = [$"Commit '{plans.Path}': a night works with what is committed.", $"'tarscli execute rollback --context-id {landed.Context} --all' takes it back."] };
    }
}
