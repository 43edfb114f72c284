using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Planning;

public sealed class PlannerTests : IDisposable
{
    private static readonly ContentHash Content = ContentHash.Of("x"u8);
    private readonly TempFolder folder = new(inMemory: true);
    private readonly ObjectStore objects;
    private readonly ExecutionPlanner planner;

    public PlannerTests()
    {
        var files = new FileSystem();
        objects = new(StateFolder.Create(folder.Path, null, files), files);
        planner = new(objects);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Steps_run_in_order_of_declaration_unless_a_dependency_says_otherwise()
    {
        var plan = Planned(Create("c", "c.txt", "a"), Create("b", "b.txt"), Create("a", "a.txt"), Create("d", "d.txt", "b", "c")).Plan;
        Assert.Equal(["b", "a", "c", "d"], plan.Steps.Select(s => s.Id));
        Assert.Equal([["b", "a"], ["c"], ["d"]], plan.Waves.Select(w => w.Select(s => s.Id)));
        Assert.Equal(["b", "c"], plan.Steps[3].DependsOn);
        Assert.All(plan.Steps, s => Assert.Equal(StepState.Pending, s.State));
    }

    [Fact]
    public void No_steps_is_nothing_to_do()
    {
        var empty = Assert.IsType<PlanEmpty>(Plan());
        Assert.Contains("IMP-1", empty.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void A_step_that_changes_nothing_is_nothing_to_do() => Assert.IsType<PlanEmpty>(Plan(Patch("p", "")));

    [Fact]
    public void A_step_that_needs_itself_is_named()
    {
        var problem = Assert.Single(Problems(Create("a", "a.txt", "a")));
        Assert.Equal(PlanProblemKind.Cycle, problem.Kind);
        Assert.Contains("a → a", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_of_two_is_named_by_its_path()
    {
        var problem = Assert.Single(Problems(Create("a", "a.txt", "b"), Create("b", "b.txt", "a"), Create("c", "c.txt", "b")));
        Assert.Contains("a → b → a", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cycle_of_a_thousand_is_named_and_shortened()
    {
        var problem = Assert.Single(Problems([.. Enumerable.Range(0, 1000).Select(i => Create($"s{i}", $"{i}.txt", $"s{(i + 1) % 1000}"))]));
        Assert.Equal(PlanProblemKind.Cycle, problem.Kind);
        Assert.Contains("1,000 steps", problem.Message, StringComparison.Ordinal);
        Assert.Contains("s0 → s1 → s2 → s3 → s4 → … (994 more) → s999 → s0", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_is_reported_at_once()
    {
        var kinds = Problems(
            Create("a", "a.txt", "b"), Create("b", "b.txt", "a"),
            Create("x", "x.txt", "y"), Create("y", "y.txt", "x"),
            Create("twin", "1.txt"), Create("Twin", "2.txt"), Create("twin", "3.txt"),
            Create("lost", "4.txt", "nowhere"), Create("", "5.txt"),
            Modify("m", "gone.txt"), Create("e", "there.txt"), Patch("p", "diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+x\n")).Select(p => p.Kind).ToList();
        Assert.Equal(2, kinds.Count(k => k == PlanProblemKind.Cycle));
        Assert.Equal(2, kinds.Count(k => k == PlanProblemKind.DuplicateId));
        Assert.Equal(Enum.GetValues<PlanProblemKind>().Except([PlanProblemKind.NeedsDeletedFile]).Order(), kinds.Distinct().Order());
    }

    [Fact]
    public void A_dependency_that_does_not_exist_comes_with_the_nearest_name()
    {
        var problem = Assert.Single(Problems(Create("build", "a.txt"), Create("test", "b.txt", "biuld")));
        Assert.Equal(PlanProblemKind.UnknownDependency, problem.Kind);
        Assert.Contains("'biuld'", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Did you mean 'build'?", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ids_that_differ_by_case_only_are_refused()
    {
        var problem = Assert.Single(Problems(Create("Build", "a.txt"), Create("build", "b.txt")));
        Assert.Contains("letter case", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Unordered_writers_of_one_file_are_ordered_by_declaration_and_said()
    {
        var planned = Planned(Modify("one", "there.txt"), Modify("two", "there.txt"), Modify("three", "there.txt", "two"));
        Assert.Equal([["one"], ["two"], ["three"]], planned.Plan.Waves.Select(w => w.Select(s => s.Id)));
        var warning = Assert.Single(planned.Warnings);
        Assert.Equal("plan/unordered-steps", warning.Rule);
        Assert.Contains("'one', 'two'", warning.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("three", warning.Message, StringComparison.Ordinal);
        Assert.Equal("there.txt", warning.Path!.Value.Value);
    }

    [Fact]
    public void Writers_that_are_ordered_by_way_of_others_need_no_warning() =>
        Assert.Empty(Planned(Modify("one", "there.txt"), Create("via", "v.txt", "one"), Modify("two", "there.txt", "via")).Warnings);

    [Fact]
    public void An_expectation_about_a_file_waits_for_who_writes_it()
    {
        var reader = Create("reader", "r.txt") with { Expectations = [new ContainsExpectation(RepositoryPath.Parse("there.txt"), "x")] };
        var planned = Planned(reader, Modify("writer", "there.txt"));
        Assert.Equal(["reader"], planned.Plan.Steps.Single(s => s.Id == "writer").DependsOn);
        Assert.Single(planned.Warnings);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_that_needs_a_file_that_an_earlier_one_takes_away_is_refused(bool byRename)
    {
        var first = byRename
            ? Step("first", new EditAction([new RenameEdit(RepositoryPath.Parse("there.txt"), RepositoryPath.Parse("new.txt"))]))
            : Step("first", new EditAction([new DeleteEdit(RepositoryPath.Parse("there.txt"))]));
        var problem = Assert.Single(Problems(first, Modify("second", "there.txt")));
        Assert.Equal(PlanProblemKind.NeedsDeletedFile, problem.Kind);
        Assert.Contains("step 'first'", problem.Message, StringComparison.Ordinal);
        Assert.Equal("there.txt", problem.Path!.Value.Value);
        // The other way round it fits, and deleting then creating anew does too.
        Planned(first with { DependsOn = ["second"] }, Modify("second", "there.txt"));
        Planned(first, Create("second", "there.txt", "first"));
    }

    [Fact]
    public void A_patch_that_swaps_two_names_fits()
    {
        var patch = string.Concat(new[] { ("there.txt", "other.txt"), ("other.txt", "there.txt") }
            .Select(p => $"diff --git a/{p.Item1} b/{p.Item2}\nsimilarity index 100%\nrename from {p.Item1}\nrename to {p.Item2}\n"));
        var plan = Planned(Patch("swap", patch)).Plan;
        Assert.Equal(["other.txt", "there.txt"], plan.Steps[0].Rollback.Paths!.Select(p => p.Value).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_command_runs_alone_and_makes_files_unforeseeable()
    {
        var planned = Planned(Create("a", "a.txt"), Create("b", "b.txt"), Command("c"), Modify("d", "made-by-c.txt"), Command("e"), Command("f"), Create("g", "g.txt", "a"));
        Assert.Equal([["a", "b"], ["c"], ["d"], ["e"], ["f"], ["g"]], planned.Plan.Waves.Select(w => w.Select(s => s.Id)));
        Assert.Equal("plan/command-order", Assert.Single(planned.Warnings).Rule);
        Assert.Null(planned.Plan.Steps.Single(s => s.Id == "c").Rollback.Paths);
    }

    [Fact]
    public void A_hundred_thousand_steps_are_planned_in_every_shape()
    {
        const int many = 100_000;
        StepDefinition[] chain = [.. Enumerable.Range(0, many).Select(i => Create($"s{i}", $"{i}.txt", i < many - 1 ? [$"s{i + 1}"] : []))];
        Assert.Equal(many, Planned(chain).Plan.Waves.Count);
        // All write one file, nothing orders them.
        var one = Planned([.. Enumerable.Range(0, many).Select(i => Modify($"s{i}", "there.txt"))]);
        Assert.Equal(many, one.Plan.Waves.Count);
        Assert.Single(one.Warnings);
        // A command in the middle, and one at the end that needs all.
        StepDefinition[] mixed = [.. Enumerable.Range(0, many - 2).Select(i => Create($"s{i}", $"{i}.txt")), Command("mid"), Command("end")];
        Assert.Equal(3, Planned(mixed).Plan.Waves.Count);
        // Nothing but commands; nothing but unknown names; one long circle.
        Assert.Equal(many, Planned([.. Enumerable.Range(0, many).Select(i => Command($"c{i}"))]).Plan.Waves.Count);
        Assert.Equal(many, Problems([.. Enumerable.Range(0, many).Select(i => Create($"s{i}", $"{i}.txt", $"unknown{i}"))]).Count);
        Assert.Single(Problems([.. Enumerable.Range(0, many).Select(i => Create($"s{i}", $"{i}.txt", $"s{(i + 1) % many}"))]));
        // A chain in which every second step writes the same file.
        Planned([.. Enumerable.Range(0, many).Select(i => i % 2 == 0 ? Modify($"s{i}", "there.txt", i > 0 ? [$"s{i - 1}"] : []) : Create($"s{i}", $"{i}.txt", $"s{i - 1}"))]);
    }

    [Fact]
    public void Any_graph_is_either_refused_with_a_true_circle_or_ordered_rightly()
    {
        var graphs = Gen.Choose(0, 12).SelectMany(n => Gen.Choose(0, n == 0 ? 0 : n - 1).ArrayOf(2).ListOf().Select(edges => (n, edges)));
        Prop.ForAll(graphs.ToArbitrary(), graph =>
        {
            var needs = Enumerable.Range(0, graph.n).Select(_ => new SortedSet<int>()).ToList();
            foreach (var edge in graph.edges.Where(_ => graph.n > 0)) needs[edge[0]].Add(edge[1]);
            var result = Plan([.. Enumerable.Range(0, graph.n).Select(i => Create($"s{i}", $"{i}.txt", [.. needs[i].Select(d => $"s{d}")]))]);
            switch (result)
            {
                case Planned planned:
                    var place = planned.Plan.Steps.Select((s, i) => (s.Id, i)).ToDictionary(p => p.Id, p => p.i);
                    Assert.Equal(graph.n, place.Count);
                    Assert.All(planned.Plan.Steps, s => Assert.All(s.DependsOn, d => Assert.True(place[d] < place[s.Id])));
                    break;
                case PlanRefused refused:
                    foreach (var problem in refused.Problems)
                    {
                        var names = problem.Message[(problem.Message.IndexOf(": ", StringComparison.Ordinal) + 2)..].Split('.')[0].Split(" → ");
                        if (names.Any(n => n.StartsWith('…'))) continue;
                        for (var i = 1; i < names.Length; i++)
                            Assert.Contains(int.Parse(names[i][1..]), needs[int.Parse(names[i - 1][1..])]);
                        Assert.Equal(names[0], names[^1]);
                    }
                    break;
                default:
                    Assert.Equal(0, graph.n);
                    break;
            }
        }).QuickCheckThrowOnFailure();
    }

    private PlanResult Plan(params StepDefinition[] steps)
    {
        var tree = new TreeSnapshot(((string[])["there.txt", "other.txt"]).Select(name =>
            KeyValuePair.Create(RepositoryPath.Parse(name), new FileState(EntryKind.File, 0b110_100_100, Content, 1))));
        return planner.Plan(new(new(1), "title", "", "", ImprovementPriority.Low, "test", ImprovementState.Ready, steps, null, default), tree);
    }

    private Planned Planned(params StepDefinition[] steps) => Plan(steps) switch
    {
        Planned planned => planned,
        PlanRefused refused => throw new InvalidOperationException(string.Join('\n', refused.Problems.Take(10))),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    private IReadOnlyList<PlanProblem> Problems(params StepDefinition[] steps) => Assert.IsType<PlanRefused>(Plan(steps)).Problems;

    private static StepDefinition Step(string id, StepAction action, params string[] needs) => new(id, action, needs, null, StepDefinition.DefaultTransaction, []);

    private static StepDefinition Create(string id, string path, params string[] needs) =>
        Step(id, new EditAction([new CreateEdit(RepositoryPath.Parse(path), Content, 1)]), needs);

    private static StepDefinition Modify(string id, string path, params string[] needs) =>
        Step(id, new ReplaceAction(RepositoryPath.Parse(path), "a", "b", 1), needs);

    private static StepDefinition Command(string id, params string[] needs) =>
        Step(id, new CommandAction(["true"], null, TimeSpan.FromMinutes(1), new Dictionary<string, string>()), needs);

    private StepDefinition Patch(string id, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Step(id, new PatchAction(objects.Put(bytes), bytes.Length));
    }
}
