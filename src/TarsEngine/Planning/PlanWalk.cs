using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;

namespace TarsEngine.Planning;

/// <summary>Walks a plan in its order and follows what each step finds and leaves at every path.</summary>
internal static class PlanWalk
{
    // How many dependencies are followed in all to tell whether two steps are ordered already.
    private const long Budget = 5_000_000;
    private const int MostWarnings = 100;
    private const int Nobody = -1;

    /// <summary>Files that a step needs and won't find, or would find in its way. What a command does can't be foretold.</summary>
    public static IEnumerable<PlanProblem> CheckFiles(IReadOnlyList<StepDefinition> steps, StepReach[] reaches, IReadOnlyList<int> order, TreeSnapshot tree)
    {
        var now = new Dictionary<RepositoryPath, (bool IsThere, int By)>();
        var foretold = true;
        foreach (var i in order)
        {
            if (reaches[i].IsOpen)
            {
                now.Clear();
                foretold = false;
                continue;
            }
            foreach (var (path, reach) in reaches[i].Touches)
            {
                var (isThere, by) = now.TryGetValue(path, out var last) ? last : (tree[path] is not null, Nobody);
                if (by == Nobody && !foretold) isThere = reach != Reach.Create;
                if (reach is Reach.Modify or Reach.Delete && !isThere) yield return Missing(steps, i, path, by, tree);
                if (reach == Reach.Create && isThere) yield return InTheWay(steps, i, path, by);
                if (reach != Reach.Read) now[path] = (reach != Reach.Delete, i);
            }
        }
    }

    /// <summary>
    /// Orders what would otherwise depend on chance: two steps that touch one file, one of them writing, follow each other in the plan's
    /// order; a command follows everything before it and precedes everything after it. All added dependencies run along that order, so none makes a cycle.
    /// </summary>
    public static IReadOnlyList<Finding> PutInOrder(IReadOnlyList<StepDefinition> steps, StepReach[] reaches, IReadOnlyList<int> order, StepGraph graph)
    {
        var walk = new Ordering(steps, graph, order);
        foreach (var i in order)
        {
            if (reaches[i].IsOpen) walk.AddCommand(i);
            else walk.AddStep(i, reaches[i]);
        }
        return walk.Findings();
    }

    private static PlanProblem Missing(IReadOnlyList<StepDefinition> steps, int step, RepositoryPath path, int by, TreeSnapshot tree)
    {
        var name = ExecutionPlanner.Shown(steps[step]);
        if (by == Nobody && path.Ancestors().Where(f => tree[f] is { Kind: EntryKind.Symlink }).Take(1).ToList() is [var link])
            return new(PlanProblemKind.FileMissing, steps[step].Id, $"Step '{name}' needs the file '{path}', which lies behind the symlink '{link}'; nothing is changed through a symlink. Name the file by its real path.", path);
        return by == Nobody
            ? new(PlanProblemKind.FileMissing, steps[step].Id, $"Step '{name}' needs the file '{path}', which is not in the codebase.", path)
            : new(PlanProblemKind.NeedsDeletedFile, steps[step].Id, by == step
                ? $"Step '{name}' needs the file '{path}' after it has deleted or moved it away itself."
                : $"Step '{name}' needs the file '{path}', which step '{ExecutionPlanner.Shown(steps[by])}' deletes or moves away before it. Order them the other way round, or drop one.", path);
    }

    private static PlanProblem InTheWay(IReadOnlyList<StepDefinition> steps, int step, RepositoryPath path, int by)
    {
        var name = ExecutionPlanner.Shown(steps[step]);
        return new(PlanProblemKind.FileExists, steps[step].Id, by == Nobody
            ? $"Step '{name}' creates the file '{path}', which is in the codebase already."
            : $"Step '{name}' creates the file '{path}', which {(by == step ? "it has made already" : $"step '{ExecutionPlanner.Shown(steps[by])}' makes before it")}.", path);
    }

    private sealed class Ordering
    {
        private readonly Dictionary<RepositoryPath, (int Writer, List<int> Readers)> last = [];
        private readonly SortedDictionary<RepositoryPath, List<int>> unordered = [];
        private readonly IReadOnlyList<StepDefinition> steps;
        private readonly StepGraph graph;
        private readonly int[] place;
        private readonly List<int> sinceCommand = [];
        private readonly HashSet<int> commandsOrdered = [];
        private int command = Nobody;
        private long budget = Budget;

        public Ordering(IReadOnlyList<StepDefinition> steps, StepGraph graph, IReadOnlyList<int> order)
        {
            (this.steps, this.graph) = (steps, graph);
            place = new int[steps.Count];
            for (var i = 0; i < order.Count; i++) place[order[i]] = i;
        }

        public void AddCommand(int step)
        {
            var ordered = Behind(step);
            foreach (var other in sinceCommand.Count > 0 ? sinceCommand : command != Nobody ? [command] : [])
            {
                if (ordered.Contains(other)) continue;
                graph.Add(step, other);
                commandsOrdered.Add(step);
            }
            sinceCommand.Clear();
            last.Clear();
            command = step;
        }

        public void AddStep(int step, StepReach reach)
        {
            // Whatever stands behind the last command in the order follows it; so does who needs one of these.
            if (command != Nobody && !graph.Needs(step).Any(n => place[n] >= place[command]))
            {
                graph.Add(step, command);
                commandsOrdered.Add(command);
            }
            sinceCommand.Add(step);
            foreach (var (path, how) in reach.Touches)
            {
                var (writer, readers) = last.TryGetValue(path, out var found) ? found : (Nobody, []);
                if (how == Reach.Read)
                {
                    if (writer != Nobody && writer != step) Follow(step, writer, path);
                    if (readers is not [.., var newest] || newest != step) readers.Add(step);
                    last[path] = (writer, readers);
                    continue;
                }
                if (writer != Nobody && writer != step) Follow(step, writer, path);
                foreach (var reader in readers.Where(r => r != step)) Follow(step, reader, path);
                last[path] = (step, []);
            }
        }

        public List<Finding> Findings()
        {
            var findings = new List<Finding>();
            foreach (var (path, group) in unordered.Take(MostWarnings))
            {
                findings.Add(new(Severity.Warning, "plan/unordered-steps",
                    $"Steps {Names(group)} touch '{path}' and nothing says in which order; they run in the order in which they are declared.",
                    path, Remedy: "Give the later step a dependency on the earlier one."));
            }
            if (unordered.Count > MostWarnings)
            {
                findings.Add(new(Severity.Warning, "plan/unordered-steps",
                    string.Create(CultureInfo.InvariantCulture, $"So it is with {unordered.Count - MostWarnings:N0} more files.")));
            }
            if (commandsOrdered.Count > 0)
            {
                findings.Add(new(Severity.Info, "plan/command-order",
                    $"What a command touches can't be foretold, so {Names([.. commandsOrdered.OrderBy(c => place[c])])} runs alone: after all steps before it, before all steps after it."));
            }
            return findings;
        }

        private void Follow(int step, int other, RepositoryPath path)
        {
            if (!Follow(step, other)) return;
            if (!unordered.TryGetValue(path, out var group)) unordered[path] = group = [];
            foreach (var one in (int[])[other, step])
            {
                if (group is not [.., var newest] || newest != one) group.Add(one);
            }
        }

        // What the step needs, as far back as the last command.
        private HashSet<int> Behind(int step)
        {
            var seen = new HashSet<int>();
            var waiting = new Stack<int>([step]);
            while (waiting.TryPop(out var at))
            {
                foreach (var need in graph.Needs(at))
                {
                    if ((command == Nobody || place[need] >= place[command]) && seen.Add(need)) waiting.Push(need);
                }
            }
            return seen;
        }

        // True when nothing ordered them before.
        private bool Follow(int step, int other)
        {
            if (graph.Leads(step, other, place, ref budget) == true) return false;
            graph.Add(step, other);
            return true;
        }

        private string Names(List<int> group)
        {
            const int shown = 5;
            var names = string.Join(", ", group.Distinct().Take(shown).Select(i => $"'{ExecutionPlanner.Shown(steps[i])}'"));
            return group.Count > shown ? names + string.Create(CultureInfo.InvariantCulture, $" and {group.Count - shown:N0} more") : names;
        }
    }
}
