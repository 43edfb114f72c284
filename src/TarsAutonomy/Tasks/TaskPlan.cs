using TarsEngine.Documents;

namespace TarsAutonomy.Tasks;

/// <summary>The plan: tasks under 'Ready for Autonomous Execution', 'Pending Approval' and 'Not Ready'. docs/tasks.md describes its format.</summary>
/// <param name="Tasks">In the order of the file, those with problems included.</param>
/// <param name="Problems">Each with its line; what they speak of has no effect, or makes its task unsafe.</param>
public sealed record TaskPlan(IReadOnlyList<PlannedTask> Tasks, IReadOnlyList<DocumentProblem> Problems)
{
    /// <summary>Where it lies unless the configuration says otherwise.</summary>
    public const string DefaultPath = "docs/notes/PROJECT_PLAN.md";

    /// <summary>Those that stand under 'Ready' and are neither done nor failed; whether they are safe is for the constraints to say.</summary>
    public IEnumerable<PlannedTask> Ready => Tasks.Where(t => t is { Section: TaskSection.Ready, Status: null or PlannedTask.Ready });

    /// <summary>By its id, exactly; null where there is none, or more than one.</summary>
    public PlannedTask? Find(string id) => Tasks.Where(t => t.Id == id).Take(2).ToList() is [var only] ? only : null;

    /// <param name="source">Its name, for messages.</param>
    public static TaskPlan Read(byte[] bytes, string source = DefaultPath)
    {
        var problems = new DocumentProblems(source);
        if (PlanText.Read(bytes, problems) is not { } text) return new([], problems.List);
        return Read(PlanOutline.Of(text, problems), problems);
    }

    internal static TaskPlan Read(PlanOutline outline, DocumentProblems problems)
    {
        // Ids that differ by letter case only would be one to many a reader.
        var twins = outline.Blocks.GroupBy(b => b.Head.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1)
            .ToDictionary(g => g.Key, g => (IReadOnlyList<int>)[.. g.Select(b => b.Line)], StringComparer.OrdinalIgnoreCase);
        var reader = new TaskReader(problems);
        var tasks = outline.Blocks.Select(b => reader.Read(b, twins.GetValueOrDefault(b.Head.Id))).ToList();
        return new(tasks, [.. problems.List.OrderBy(p => p.Line)]);
    }
}
