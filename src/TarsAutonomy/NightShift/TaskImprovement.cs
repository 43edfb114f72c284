using TarsAutonomy.Sessions;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>A task as an improvement of one step, an agent's.</summary>
public static class TaskImprovement
{
    internal const string AgentStep = "agent";
    private const string Category = "autonomous", Between = ": ";
    private const int MostTitle = 200;

    /// <summary>The task's improvement in a session; made at the first call, found by its source at every other.</summary>
    /// <param name="notes">For the agent, behind the task.</param>
    internal static ImprovementId Ensure(Codebase codebase, NightId night, PlannedTask task, string agent, string notes)
    {
        var source = $"{night}{Between}{task.Id}";
        if (codebase.Improvements.List().FirstOrDefault(improvement => improvement.Source == source) is { } found) return found.Id;
        // The step names the session: the same task in another session is another improvement.
        var step = new StepDefinition(AgentStep, new AgentAction(task.Description + notes, agent), [], source, StepDefinition.DefaultTransaction, []);
        var title = task.Description.Length > MostTitle ? task.Description[..MostTitle] + "…" : task.Description;
        var proposal = new ImprovementProposal(title, task.Description, Category, ImprovementPriority.Medium, source, [step], null, new Dictionary<ContentHash, byte[]>());
        return codebase.Improvements.Add(proposal, night.ToString()).Improvement.Id;
    }

    /// <summary>The id of the task that an improvement was made for; null where it is no session's.</summary>
    public static string? TaskOf(Improvement improvement) =>
        improvement.Category == Category && improvement.Source.Split(Between, 2) is [var night, var task] && night.StartsWith(NightId.Prefix + "-", StringComparison.Ordinal) ? task : null;
}
