using System.Globalization;
using TarsEngine.Documents;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Storage;

namespace TarsEngine.Planning;

/// <summary>Makes a plan of an improvement's steps and checks it whole, before anything runs. Every problem is reported at once.</summary>
/// <param name="objects">Where the patches are, so that their paths are known.</param>
public sealed class ExecutionPlanner(ObjectStore objects)
{
    private const int LongestId = 200;
    private const int MostHints = 5;

    /// <param name="tree">The codebase that the plan is for.</param>
    public PlanResult Plan(Improvement improvement, TreeSnapshot tree)
    {
        var steps = improvement.Steps;
        if (steps.Count == 0) return new PlanEmpty($"{improvement.Id} has no steps: there is nothing to do.");
        var problems = new List<PlanProblem>();
        var byId = ReadIds(steps, problems);
        var graph = Connect(steps, byId, problems);
        foreach (var cycle in graph.Cycles()) problems.Add(CycleProblem(cycle, steps));

        var reaches = new StepReach[steps.Count];
        for (var i = 0; i < steps.Count; i++)
        {
            reaches[i] = StepReach.Of(steps[i], objects);
            problems.AddRange(reaches[i].Problems.Select(p => new PlanProblem(PlanProblemKind.BadPatch, steps[i].Id, $"The patch of step '{Shown(steps[i])}' can't be applied: {p}")));
        }
        var order = graph.Order();
        problems.AddRange(PlanWalk.CheckFiles(steps, reaches, order, tree));
        if (problems.Count > 0) return new PlanRefused(problems);
        if (reaches.All(r => r.IsNothing)) return new PlanEmpty($"No step of {improvement.Id} changes anything: there is nothing to do.");

        var warnings = PlanWalk.PutInOrder(steps, reaches, order, graph);
        return new Planned(Build(improvement.Id, steps, reaches, order, graph), warnings);
    }

    internal static string Shown(StepDefinition step) => ByteText.Display(step.Id.Length > LongestId ? step.Id[..LongestId] + "…" : step.Id);

    private static Dictionary<string, int> ReadIds(IReadOnlyList<StepDefinition> steps, List<PlanProblem> problems)
    {
        var exact = new Dictionary<string, int>(StringComparer.Ordinal);
        var folded = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < steps.Count; i++)
        {
            var id = steps[i].Id;
            if (string.IsNullOrWhiteSpace(id) || id.Length > LongestId || id.Any(char.IsControl))
            {
                problems.Add(new(PlanProblemKind.InvalidId, id, $"Step {i + 1} has the id '{Shown(steps[i])}': an id is 1 to {LongestId} visible characters."));
            }
            else if (!folded.TryAdd(id, i))
            {
                var other = folded[id];
                problems.Add(new(PlanProblemKind.DuplicateId, id, steps[other].Id == id
                    ? $"Steps {other + 1} and {i + 1} have the same id '{id}'. Give each step an id of its own."
                    : $"Steps {other + 1} and {i + 1} have ids that differ by letter case only: '{steps[other].Id}' and '{id}'. Rename one."));
            }
            exact.TryAdd(id, i);
        }
        return exact;
    }

    private static StepGraph Connect(IReadOnlyList<StepDefinition> steps, Dictionary<string, int> byId, List<PlanProblem> problems)
    {
        var graph = new StepGraph(steps.Count);
        var hints = 0;
        for (var i = 0; i < steps.Count; i++)
        {
            foreach (var need in steps[i].DependsOn.Distinct(StringComparer.Ordinal))
            {
                if (byId.TryGetValue(need, out var number))
                {
                    graph.Add(i, number);
                    continue;
                }
                // Looking for the nearest name costs a pass over all steps, so only the first few get it.
                var hint = hints++ < MostHints ? NearestName.Hint(need, byId.Keys) : "";
                problems.Add(new(PlanProblemKind.UnknownDependency, steps[i].Id,
                    $"Step '{Shown(steps[i])}' depends on '{ByteText.Display(need)}', which is not a step of this plan.{hint}"));
            }
        }
        return graph;
    }

    private static PlanProblem CycleProblem(IReadOnlyList<int> cycle, IReadOnlyList<StepDefinition> steps)
    {
        const int shown = 6;
        var names = cycle.Select(i => Shown(steps[i])).ToList();
        var path = names.Count <= shown
            ? string.Join(" → ", names)
            : string.Join(" → ", names.Take(shown - 1)) + string.Create(CultureInfo.InvariantCulture, $" → … ({names.Count - shown:N0} more) → ") + names[^1];
        return new(PlanProblemKind.Cycle, steps[cycle[0]].Id, cycle.Count == 1
            ? $"Step '{names[0]}' depends on itself: {names[0]} → {names[0]}. Remove that dependency."
            : string.Create(CultureInfo.InvariantCulture, $"{names.Count:N0} steps depend on each other in a circle: {path} → {names[0]}. Remove one of these dependencies."));
    }

    private static ExecutionPlan Build(
        ImprovementId improvement, IReadOnlyList<StepDefinition> steps, StepReach[] reaches, IReadOnlyList<int> order, StepGraph graph)
    {
        var wave = new int[steps.Count];
        var planned = new List<ExecutionStep>(steps.Count);
        foreach (var i in order)
        {
            var step = steps[i];
            foreach (var need in graph.Needs(i)) wave[i] = Math.Max(wave[i], wave[need] + 1);
            planned.Add(new(step.Id, step.Action, [.. graph.Needs(i).Select(n => steps[n].Id)], step.Transaction, step.Expectations,
                new RollbackProcedure(step.Transaction, reaches[i].Written))
            { Description = step.Description, Wave = wave[i] });
        }
        return new(improvement, planned);
    }
}
