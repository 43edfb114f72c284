using TarsAutonomy.NightShift;
using TarsAutonomy.Sessions;
using TarsAutonomy.Settings;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Planning;
using TarsEngine.Rollback;

namespace TarsAutonomy.Tests.NightShift;

/// <summary>What people do with a night's branch and tasks, and what the next night makes of it.</summary>
public sealed class MorningAfterTests
{
    [Fact]
    public async Task A_held_task_that_a_person_approved_is_not_run_again()
    {
        using var world = Held().Commit();
        var session = await world.RunAsync();
        using (var codebase = await world.OpenAsync())
            Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ApproveAsync(session.Tasks[0].Attempts[^1].Context, "ada", null));
        var next = await world.RunAsync();
        Assert.Equal("memory/landed", next.Tasks[0].Rule);
    }

    [Fact]
    public async Task A_held_task_that_a_person_rejected_is_not_run_again_unchanged()
    {
        using var world = Held().Commit();
        var session = await world.RunAsync();
        using (var codebase = await world.OpenAsync()) await codebase.Execution.RejectAsync(session.Tasks[0].Attempts[^1].Context, "ada", "not like this");
        var next = await world.RunAsync();
        Assert.Equal(("memory/rejected", TaskOutcome.Skipped), (next.Tasks[0].Rule, next.Tasks[0].Outcome));
        Assert.Contains("not like this", next.Tasks[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approving_while_the_branch_is_checked_out_is_refused_and_the_task_still_waits()
    {
        using var world = Held().Agent("one", NightWorld.Good("one")).Task("task_2", "one adds a function").Commit();
        var session = await world.RunAsync();
        world.Repository.Git("checkout", "-q", session.Branch);
        using var codebase = await world.OpenAsync();
        var held = session.Tasks[0].Attempts[^1].Context;
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ApproveAsync(held, "ada", null));
        Assert.Equal(ContextState.Held, codebase.Contexts.Get(held)!.State);
    }

    [Fact]
    public async Task The_first_of_two_landed_tasks_is_taken_back_and_the_mark_of_the_second_stays()
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one")).Agent("two", NightWorld.Good("two"))
            .Task("task_1", "one adds a function").Task("task_2", "two adds a function").Commit();
        var session = await world.RunAsync();
        using var codebase = await world.OpenAsync();
        var request = new RollbackRequest(session.Tasks[0].Attempts[^1].Context, new RollbackScope.All(), false, "ada") { Merged = new HashSet<TarsEngine.Files.RepositoryPath> { new SessionSettings().Plan } };
        Assert.IsType<RollbackOutcome.BranchRolledBack>(codebase.Execution.Rollback(request));
        var plan = TaskPlan.Read(world.Repository.GitBytes("show", $"{session.Branch}:{TaskPlan.DefaultPath}"));
        Assert.Equal(("READY", "DONE"), (plan.Find("task_1")!.Status, plan.Find("task_2")!.Status));
        Assert.Equal("src/base.sh\nsrc/two.sh", world.Repository.Git("ls-tree", "--name-only", session.Branch, "src/"));
    }

    [Fact]
    public async Task A_task_whose_branch_was_deleted_may_be_run_again()
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one")).Task("task_1", "one adds a function").Commit();
        var first = await world.RunAsync();
        world.Repository.Git("branch", "-q", "-D", first.Branch);
        Assert.Equal(TaskOutcome.Landed, (await world.RunAsync()).Tasks[0].Outcome);
    }

    [Fact]
    public async Task A_change_that_git_does_not_see_is_no_success()
    {
        using var world = new NightWorld("  max-attempts: 1").Agent("hides", "chmod 600 src/base.sh").Task("task_1", "hides a file").Commit();
        var session = await world.RunAsync();
        Assert.Equal((TaskOutcome.Failed, "branch/nothing"), (session.Tasks[0].Outcome, session.Tasks[0].Rule));
        Assert.Empty(world.Commits(session));
    }

    [Fact]
    public async Task A_task_lands_though_somebody_changed_the_plan_on_the_branch_meanwhile()
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one")).Agent("slow", "sleep 2; " + NightWorld.Good("slow"))
            .Task("task_1", "one adds a function").Task("task_2", "slow work").Commit();
        using var codebase = await world.OpenAsync();
        var night = world.NightOf(codebase);
        var running = night.RunAsync(new(), CancellationToken.None);
        while (!world.Said.ToArray().Any(line => line.StartsWith("task_2: attempt", StringComparison.Ordinal))) await System.Threading.Tasks.Task.Delay(20);
        var branch = night.Store.List()[0].Branch;
        var other = world.Repository.Beside("other");
        world.Repository.Git("clone", "-q", "-b", branch, world.Repository.Folder, other);
        File.AppendAllText(Path.Combine(other, TaskPlan.DefaultPath), "\nA person's note.\n");
        world.Repository.Git("-C", other, "commit", "-qam", "note");
        world.Repository.Git("fetch", "-q", other, $"{branch}:{branch}");
        var session = Assert.IsType<NightOutcome.Finished>(await running).Session;
        Assert.Equal(["feat: one adds a function", "note", "feat: slow work"], world.Commits(session));
        var plan = world.Repository.Git("show", $"{branch}:{TaskPlan.DefaultPath}");
        Assert.Equal(2, plan.Split("Status: DONE").Length - 1);
        Assert.EndsWith("A person's note.", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_names_a_softer_gate_does_not_take_the_place_of_the_users()
    {
        using var world = new NightWorld("  gate: .ai-validation/check_quality.sh\n  max-attempts: 1").Agent("ugly", "echo 'ugly() { :; }' > src/u.sh").Task("task_1", "ugly code");
        world.Repository.Write("src/soft.sh", "exit 0\n");
        world.Repository.Write("tars.yaml", "autonomous:\n  gate: src/soft.sh\n");
        world.Commit();
        var session = await world.RunAsync();
        Assert.Equal("gate/failed", session.Tasks[0].Rule);
        Assert.Equal([".ai-validation/check_quality.sh", "src/soft.sh"], session.Gates);
    }

    [Fact]
    public async Task An_agent_that_is_not_there_lets_no_session_begin()
    {
        using var world = new NightWorld().Task("task_1", "one adds a function").Commit();
        File.WriteAllText(world.ConfigurationFile, File.ReadAllText(world.ConfigurationFile).Replace("agent: script", "agent: nobody", StringComparison.Ordinal));
        using var codebase = await world.OpenAsync();
        Assert.Contains("nobody", Assert.IsType<NightOutcome.Refused>(await world.NightOf(codebase).RunAsync(new(), CancellationToken.None)).Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_task_that_the_plan_does_not_have_is_named()
    {
        using var world = new NightWorld().Agent("one", NightWorld.Good("one")).Task("task_1", "one adds a function").Commit();
        using var codebase = await world.OpenAsync();
        Assert.Contains("'typo'", Assert.IsType<NightOutcome.Refused>(await world.NightOf(codebase).RunAsync(new() { Tasks = ["typo"] }, CancellationToken.None)).Why, StringComparison.Ordinal);
    }

    // Its behaviour and its own test change together: a person has to look.
    private static NightWorld Held() => new NightWorld()
        .Agent("renames", "echo 'base() { echo basis; }' > src/base.sh; printf '. src/base.sh\\n[ \"$(base)\" = basis ]\\n' > tests/base.sh").Task("task_1", "renames what it says");
}
