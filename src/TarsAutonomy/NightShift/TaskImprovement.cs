using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>A task as an improvement: an agent's step, and the mark in the plan, which lands with it.</summary>
internal sealed class TaskImprovement(Codebase codebase, NightOrder order)
{
    public const string AgentStep = "agent", MarkStep = "mark-done", PlanTransaction = "plan";
    private const string Category = "autonomous", Between = ": ";

    // The step names the session: the same task in another session is another improvement.
    /// <summary>The task's improvement in a session; made at the first call, found by its source at every other.</summary>
    public (ImprovementId Id, ContentHash? Marked) Ensure(NightId night, PlannedTask task, TreeSnapshot tree, DateTimeOffset now, string notes)
    {
        var source = $"{night}{Between}{task.Id}";
        var marked = Marked(task, tree, now);
        var found = codebase.Improvements.List().FirstOrDefault(improvement => improvement.Source == source);
        if (found is not null) return (found.Id, MarkOf(found));
        var steps = new List<StepDefinition> { Step(AgentStep, new AgentAction(task.Description + notes, order.Agent), StepDefinition.DefaultTransaction) with { Description = source } };
        var contents = new Dictionary<ContentHash, byte[]>();
        if (marked is { } plan)
        {
            var before = tree[order.Settings.Plan]!;
            contents[plan.Hash] = plan.Bytes;
            steps.Add(Step(MarkStep, new EditAction([new ReplaceEdit(order.Settings.Plan, plan.Hash, plan.Bytes.Length, null, before.Hash)]), PlanTransaction) with { DependsOn = [AgentStep] });
        }
        var title = task.Description.Length > 200 ? task.Description[..200] + "…" : task.Description;
        var proposal = new ImprovementProposal(title, task.Description, Category, ImprovementPriority.Medium, source, steps, null, contents);
        return (codebase.Improvements.Add([proposal], $"{night}")[0].Improvement.Id, marked?.Hash);
    }

    /// <summary>The id of the task that an improvement was made for; null where it is no session's.</summary>
    public static string? TaskOf(Improvement improvement) =>
        improvement.Category == Category && improvement.Source.Split(Between, 2) is [var night, var task] && night.StartsWith(NightId.Prefix + "-", StringComparison.Ordinal) ? task : null;

    private static ContentHash? MarkOf(Improvement improvement) => improvement.Steps.Select(step => step.Action).OfType<EditAction>().SelectMany(edit => edit.Edits).OfType<ReplaceEdit>().FirstOrDefault()?.Content;

    private (ContentHash Hash, byte[] Bytes)? Marked(PlannedTask task, TreeSnapshot tree, DateTimeOffset now)
    {
        if (tree[order.Settings.Plan] is not { Kind: EntryKind.File } state) return null;
        return TaskPlanEditor.MarkDone(codebase.Content.Read(order.Settings.Plan, state), task.Id, now, order.Agent) is PlanEdited { Bytes: var bytes } ? (ContentHash.Of(bytes), bytes) : null;
    }

    private static StepDefinition Step(string id, StepAction action, string transaction) => new(id, action, [], null, transaction, []);
}
