using TarsAutonomy.NightShift;
using TarsAutonomy.Sessions;
using TarsAutonomy.Settings;
using TarsEngine;
using TarsEngine.Planning;
using TarsEngine.Rollback;

namespace TarsAutonomy.Tests.NightShift;

public sealed class NightControlTests
{
    [Fact]
    public async Task The_kill_switch_stops_a_session_within_seconds_and_it_goes_on_when_it_is_cleared()
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one")).Agent("slow", "sleep 600")
            .Task("task_1", "one adds a function").Task("task_2", "slow work").Commit();
        using var codebase = await world.OpenAsync();
        var night = world.NightOf(codebase);
        var running = night.RunAsync(new(), CancellationToken.None);
        while (!world.Said.ToArray().Any(line => line.StartsWith("task_2: attempt", StringComparison.Ordinal))) await Task.Delay(20);
        night.KillSwitch.Set("test");
        var stopped = Assert.IsType<NightOutcome.Stopped>(await running.WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal((NightState.Stopped, TaskOutcome.Landed), (stopped.Session.State, stopped.Session.Tasks[0].Outcome));
        Assert.IsType<NightOutcome.Refused>(await night.RunAsync(new(), CancellationToken.None));
        world.Agent("slow", NightWorld.Good("slow"));
        night.KillSwitch.Clear();
        var finished = Assert.IsType<NightOutcome.Finished>(await night.RunAsync(new(), CancellationToken.None));
        Assert.Equal(stopped.Session.Id, finished.Session.Id);
        Assert.Equal([TaskOutcome.Landed, TaskOutcome.Landed], finished.Session.Tasks.Select(task => task.Outcome));
        Assert.Equal(["feat: one adds a function", "feat: slow work"], world.Commits(finished.Session));
    }

    [Fact]
    public async Task Only_one_session_runs_at_a_time()
    {
        using var world = new NightWorld().Agent("slow", "sleep 3; " + NightWorld.Good("slow")).Task("task_1", "slow work").Commit();
        using var codebase = await world.OpenAsync();
        using var other = await world.OpenAsync();
        var running = world.NightOf(codebase).RunAsync(new(), CancellationToken.None);
        while (!world.Said.ToArray().Any(line => line.StartsWith("task_1: attempt", StringComparison.Ordinal))) await Task.Delay(20);
        Assert.IsType<NightOutcome.Busy>(await world.NightOf(other).RunAsync(new(), CancellationToken.None));
        Assert.IsType<NightOutcome.Finished>(await running);
    }

    [Fact]
    public async Task A_task_that_landed_and_is_not_merged_is_not_run_again_until_it_is_rolled_back()
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one")).Task("task_1", "one adds a function").Commit();
        var first = await world.RunAsync();
        var second = await world.RunAsync();
        Assert.Equal((TaskOutcome.Skipped, "memory/landed"), (second.Tasks[0].Outcome, second.Tasks[0].Rule));
        using (var codebase = await world.OpenAsync())
            Assert.IsType<RollbackOutcome.BranchRolledBack>(codebase.Execution.Rollback(new(first.Tasks[0].Attempts[^1].Context, new RollbackScope.All(), false, "ada")));
        Assert.Empty(world.Commits(first));
        Assert.Equal(TaskOutcome.Landed, (await world.RunAsync()).Tasks[0].Outcome);
    }

    [Fact]
    public async Task A_held_task_is_off_the_branch_and_lands_there_on_a_persons_word()
    {
        using var world = new NightWorld().Agent("renames", "echo 'base() { echo basis; }' > src/base.sh; printf '. src/base.sh\\n[ \"$(base)\" = basis ]\\n' > tests/base.sh").Agent("one", NightWorld.Good("one"))
            .Task("task_1", "renames what it says").Task("task_2", "one adds a function").Commit();
        var session = await world.RunAsync();
        Assert.True(session.Tasks[0].Outcome == TaskOutcome.Held, session.Tasks[0].ToString());
        Assert.Equal(["feat: one adds a function"], world.Commits(session));
        using var codebase = await world.OpenAsync();
        var held = session.Tasks[0].Attempts[^1].Context;
        // The branch moved since: it is validated again, and held again for the person, who says yes to what is shown now.
        Assert.IsType<ExecutionOutcome.Held>(await ApproveAsync(codebase, world, held));
        Assert.IsType<ExecutionOutcome.Landed>(await ApproveAsync(codebase, world, held));
        Assert.Equal(2, world.Repository.Git("show", $"{session.Branch}:docs/notes/PROJECT_PLAN.md").Split("Status: DONE").Length - 1);
        Assert.Equal(["feat: one adds a function", "feat: renames what it says"], world.Commits(session));
        Assert.Equal(ContextState.Landed, codebase.Contexts.Get(held)!.State);
    }

    [Fact]
    public async Task A_task_that_needs_a_persons_approval_is_not_begun_without_it()
    {
        using var world = new NightWorld().Agent("touches", NightWorld.Good("auth")).Agent("one", NightWorld.Good("one"))
            .Task("task_1", "touches authentication").Task("task_2", "one adds a function").Commit();
        var session = await world.RunAsync();
        Assert.Equal([TaskOutcome.Skipped, TaskOutcome.Landed], session.Tasks.Select(task => task.Outcome));
        Assert.StartsWith("constraints/", session.Tasks[0].Rule, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_of_tokens_that_is_used_up_ends_a_session()
    {
        using var world = new NightWorld("  token-budget: 100").Agent("one", NightWorld.Good("one")).Agent("two", NightWorld.Good("two"))
            .Task("task_1", "one adds a function").Task("task_2", "two adds a function").Commit();
        var session = await world.RunAsync();
        // The scripted agent says nothing of tokens, so none are used up.
        Assert.Equal(2, session.Tasks.Count);
        var spent = session with { Tasks = [session.Tasks[0] with { Attempts = [session.Tasks[0].Attempts[0] with { Usage = new(90, 20, null) }] }] };
        var settings = new SessionSettings { TokenBudget = 100 };
        Assert.Equal("The budget of 100 tokens is used up.", NightLimits.WhyEnough(spent, settings, session.Started, null));
    }

    private static async Task<ExecutionOutcome> ApproveAsync(Codebase codebase, NightWorld world, TarsEngine.Storage.ContextId id)
    {
        var settings = AutonomySettings.Load(File.ReadAllText(world.ConfigurationFile), "config.yaml");
        return await codebase.Execution.ApproveAsync(id, "ada", null, await HeldTasks.ConditionsOfAsync(codebase, settings, id, CancellationToken.None));
    }
}
