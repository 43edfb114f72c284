using TarsAutonomy.NightShift;
using TarsAutonomy.Sessions;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>The six integration cases of the roadmap, and each of its triggers for an automatic rollback.</summary>
public sealed class SeedCaseTests
{
    [Fact]
    public async Task Three_ready_tasks_land_each_as_a_commit_with_its_mark_in_the_plan()
    {
        using var world = Three().Commit();
        var head = world.Repository.Head;
        var session = await world.RunAsync();
        Assert.Equal([TaskOutcome.Landed, TaskOutcome.Landed, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
        Assert.Equal(["feat: one adds a function", "feat: two adds a function", "feat: three adds a function"], world.Commits(session));
        Assert.Equal(head, world.Repository.Head);
        Assert.Matches("^autonomous-[0-9]{8}-[0-9]{6}$", session.Branch);
        var plan = world.Repository.Git("show", $"{session.Branch}:docs/notes/PROJECT_PLAN.md");
        Assert.Equal(3, plan.Split("Status: DONE").Length - 1);
        Assert.Equal("docs/notes/PROJECT_PLAN.md\nsrc/two.sh\ntests/two.sh", world.Repository.Git("show", "--format=", "--name-only", $"{session.Branch}~1"));
    }

    [Fact]
    public async Task A_red_gate_rolls_a_task_back_and_the_next_one_runs()
    {
        using var world = new NightWorld("  max-attempts: 1").Agent("ugly", "echo 'ugly() { :; }' > src/u.sh").Agent("one", NightWorld.Good("one"))
            .Task("task_1", "ugly code").Task("task_2", "one adds a function").Commit();
        var session = await world.RunAsync();
        Assert.Equal([TaskOutcome.Failed, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
        Assert.StartsWith("Quality gate failed", session.Tasks[0].Reason, StringComparison.Ordinal);
        Assert.Equal(["feat: one adds a function"], world.Commits(session));
    }

    [Fact]
    public async Task Two_failures_one_after_the_other_end_a_session()
    {
        using var world = new NightWorld("  max-attempts: 1").Agent("bad", "exit 1").Agent("one", NightWorld.Good("one"))
            .Task("task_1", "bad first").Task("task_2", "bad second").Task("task_3", "one adds a function").Commit();
        var session = await world.RunAsync();
        Assert.Equal(2, session.Tasks.Count);
        Assert.StartsWith("Too many failures", session.Ending, StringComparison.Ordinal);
        Assert.Empty(world.Commits(session));
    }

    [Fact]
    public async Task Two_failures_with_a_success_between_do_not_end_a_session()
    {
        using var world = new NightWorld("  max-attempts: 1").Agent("bad", "exit 1").Agent("one", NightWorld.Good("one")).Agent("two", NightWorld.Good("two"))
            .Task("task_1", "bad first").Task("task_2", "one adds a function").Task("task_3", "bad second").Task("task_4", "two adds a function").Commit();
        var session = await world.RunAsync();
        Assert.Equal([TaskOutcome.Failed, TaskOutcome.Landed, TaskOutcome.Failed, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
    }

    [Fact]
    public async Task A_task_that_takes_too_long_is_ended_and_leaves_nothing()
    {
        using var world = new NightWorld("  task-timeout: 3s").Agent("slow", "echo half > src/half.sh; sleep 600").Task("task_1", "slow work").Commit();
        var before = world.Picture();
        var session = await world.RunAsync();
        Assert.Equal(("task/timeout", TaskOutcome.Failed), (session.Tasks[0].Rule, session.Tasks[0].Outcome));
        Assert.StartsWith("Task takes >3s", session.Tasks[0].Reason, StringComparison.Ordinal);
        Assert.Equal(before, world.Picture());
    }

    [Theory]
    [InlineData("Alignment score too low", 79, 10, "Yes")]
    [InlineData("Task too large", 95, 31, "Yes")]
    [InlineData("Tests not defined", 95, 10, "⏳ Needs definition")]
    public async Task An_unsafe_task_is_skipped_and_the_rule_is_named(string words, int score, int lines, string tests)
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one"))
            .Task("task_1", "unsafe change", score, lines, tests).Task("task_2", "one adds a function").Commit();
        var session = await world.RunAsync();
        Assert.Equal([TaskOutcome.Skipped, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
        Assert.Contains(words, session.Tasks[0].Reason, StringComparison.OrdinalIgnoreCase);
        Assert.Null(session.Tasks[0].Improvement);
    }

    [Theory]
    [InlineData("a test fails", "echo 'base() { echo wrong; }' > src/base.sh", "tests/")]
    [InlineData("its own test fails", "printf 'exit 1\\n' > tests/new.sh", "tests/")]
    [InlineData("nothing is changed", "true", "agent/no-change")]
    [InlineData("the agent fails", "echo x > src/x.sh; exit 4", "agent/failed")]
    [InlineData("a file outside is written", "echo x > other.txt", "constraints/")]
    [InlineData("a file is deleted", "rm src/base.sh tests/base.sh; echo x > src/x.sh", "constraints/")]
    [InlineData("the plan is edited", "sed -i s/READY/DONE/ docs/notes/PROJECT_PLAN.md", "")]
    [InlineData("a syntax error", "echo 'x() {' > src/x.sh", "")]
    public async Task A_task_is_rolled_back_when(string trigger, string script, string rule)
    {
        using var world = new NightWorld("  max-attempts: 1").Agent("does", script).Task("task_1", "does something").Commit();
        var before = world.Picture();
        var session = await world.RunAsync();
        Assert.True(session.Tasks[0].Outcome == TaskOutcome.Failed, $"{trigger}: {session.Tasks[0]}");
        Assert.StartsWith(rule, session.Tasks[0].Rule, StringComparison.Ordinal);
        Assert.Empty(world.Commits(session));
        Assert.Equal(before, world.Picture());
    }

    [Fact]
    public async Task Findings_go_back_to_the_agent_whose_next_attempt_goes_on_from_its_change()
    {
        using var world = new NightWorld().Agent("learns", """
            if grep -q 'not ok\|fail' "$1" && [ -f src/learn.sh ]; then echo 'learn() { echo learn; }' > src/learn.sh
            else echo 'learn() { echo wrong; }' > src/learn.sh; printf '. src/learn.sh\n[ "$(learn)" = learn ]\n' > tests/learn.sh; fi
            """).Task("task_1", "learns from findings").Commit();
        var session = await world.RunAsync();
        Assert.Equal(TaskOutcome.Landed, session.Tasks[0].Outcome);
        Assert.Equal(["failed", "landed"], session.Tasks[0].Attempts.Select(attempt => attempt.Outcome));
    }

    [Fact]
    public async Task After_three_attempts_without_progress_a_task_is_given_up()
    {
        using var world = new NightWorld().Agent("never", "echo 'base() { echo wrong; }' > src/base.sh").Task("task_1", "never learns").Commit();
        var session = await world.RunAsync();
        Assert.Equal(3, session.Tasks[0].Attempts.Count);
        Assert.StartsWith("No progress after 3 attempts", session.Tasks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_ready_task_is_said_and_nothing_is_begun()
    {
        using var world = new NightWorld().Commit();
        using var codebase = await world.OpenAsync();
        var nothing = Assert.IsType<NightOutcome.NothingToDo>(await world.NightOf(codebase).RunAsync(new(), CancellationToken.None));
        Assert.StartsWith("No tasks ready for autonomous execution", nothing.Why, StringComparison.Ordinal);
        Assert.Empty(world.NightOf(codebase).Store.List());
    }

    [Fact]
    public async Task At_most_five_tasks_are_begun()
    {
        using var world = new NightWorld();
        for (var i = 1; i <= 6; i++)
        {
            var name = "abcdef"[i - 1] + "x";
            world.Agent(name, NightWorld.Good(name)).Task($"task_{i}", $"{name} adds a function");
        }
        var session = await world.Commit().RunAsync();
        Assert.Equal(5, session.Tasks.Count(task => task.Outcome == TaskOutcome.Landed));
        Assert.Equal(5, session.Tasks.Count);
    }

    [Fact]
    public async Task A_missing_gate_lets_no_session_begin()
    {
        using var world = Three();
        File.Delete(world.Repository.At(".ai-validation/check_quality.sh"));
        world.Commit();
        using var codebase = await world.OpenAsync();
        var refused = Assert.IsType<NightOutcome.Refused>(await world.NightOf(codebase).RunAsync(new(), CancellationToken.None));
        Assert.StartsWith("No quality script", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_red_base_stops_the_night_and_is_named()
    {
        using var world = Three();
        world.Repository.Write("tests/red.sh", "exit 1\n");
        world.Commit();
        using var codebase = await world.OpenAsync();
        var refused = Assert.IsType<NightOutcome.Refused>(await world.NightOf(codebase).RunAsync(new(), CancellationToken.None));
        Assert.Contains("tests/red.sh", refused.Why, StringComparison.Ordinal);
        Assert.Empty(world.NightOf(codebase).Store.List());
    }

    private static NightWorld Three() => new NightWorld()
        .Agent("one", NightWorld.Good("one")).Agent("two", NightWorld.Good("two")).Agent("three", NightWorld.Good("three"))
        .Task("task_1", "one adds a function").Task("task_2", "two adds a function").Task("task_3", "three adds a function");
}
