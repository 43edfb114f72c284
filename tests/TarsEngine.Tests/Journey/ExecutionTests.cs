using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;

namespace TarsEngine.Tests.Journey;

public sealed class ExecutionTests : IDisposable
{
    private readonly JourneyFixture fixture = new();

    [Fact]
    public async Task A_valid_change_waits_for_review_and_lands_when_it_is_approved()
    {
        using var codebase = await fixture.OpenAsync();
        var before = fixture.Picture();
        var waiting = Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "good", land: false));
        Assert.Equal(before, fixture.Picture());
        Assert.True(waiting.Verdict.Proven);

        var landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ApproveAsync(waiting.Context, "ada", "fine"));
        Assert.Equal("good\n", fixture.Repository.Read("a.txt"));
        Assert.Equal(ContextState.Landed, codebase.Contexts.Get(landed.Context)!.State);
        Assert.Equal("ada", Assert.Single(codebase.Contexts.Reviews(landed.Context)).Reviewer);
        Assert.True(codebase.Audit.Verify().IsIntact);
    }

    [Fact]
    public async Task A_change_that_a_check_refuses_leaves_no_trace()
    {
        using var codebase = await fixture.OpenAsync();
        fixture.Repository.Write("untracked.md", "mine");
        fixture.Repository.Write("noise.log", "ignored");
        var before = fixture.Picture();
        var failed = Assert.IsType<ExecutionOutcome.Failed>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "broken"));
        Assert.Equal("validation", failed.Stage);
        Assert.Equal(before, fixture.Picture());
        Assert.Equal(ImprovementState.Failed, codebase.Improvements.List()[0].State);
        Assert.Empty(Directory.EnumerateFileSystemEntries(codebase.State.Workspaces));
    }

    [Fact]
    public async Task Two_changes_that_are_each_green_and_red_together_do_not_both_land()
    {
        using var codebase = await fixture.OpenAsync();
        var first = Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "two", land: false));
        var second = Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(codebase, "b.txt", "two", land: false));
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ApproveAsync(first.Context, "ada", null));
        Assert.IsType<ExecutionOutcome.Failed>(await codebase.Execution.ApproveAsync(second.Context, "ada", null));
        Assert.Equal("one\n", fixture.Repository.Read("b.txt"));
    }

    [Fact]
    public async Task A_change_of_what_the_user_edited_meanwhile_is_a_conflict_and_the_edit_stays()
    {
        using var codebase = await fixture.OpenAsync();
        var waiting = Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "good", land: false));
        fixture.Repository.Write("a.txt", "the user's");
        var conflict = Assert.IsType<ExecutionOutcome.Conflicted>(await codebase.Execution.ApproveAsync(waiting.Context, "ada", null));
        Assert.Equal("a.txt", Assert.Single(conflict.Conflicts).Path.Value);
        Assert.Equal("the user's", fixture.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task An_approval_after_an_edit_elsewhere_validates_again_and_lands()
    {
        using var codebase = await fixture.OpenAsync();
        var waiting = Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "good", land: false));
        fixture.Repository.Write("elsewhere.md", "the user's");
        var landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ApproveAsync(waiting.Context, "ada", null));
        Assert.NotEqual(waiting.Verdict.BaseTree, landed.Verdict.BaseTree);
        Assert.Equal("the user's", fixture.Repository.Read("elsewhere.md"));
    }

    [Fact]
    public async Task A_dry_run_leaves_the_improvement_executable_and_can_not_be_approved()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Replacing(codebase, "a.txt", "good");
        var before = fixture.Picture();
        var dry = Assert.IsType<ExecutionOutcome.DryRunFinished>(await codebase.Execution.ExecuteAsync(id, new() { DryRun = true }));
        Assert.Equal(before, fixture.Picture());
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ApproveAsync(dry.Context, "ada", null));
        Assert.Single(codebase.Contexts.Get(dry.Context)!.Changes!);
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
    }

    [Fact]
    public async Task What_landed_is_rolled_back_by_file_and_whole_in_another_process_and_may_be_executed_again()
    {
        var before = fixture.Picture();
        ExecutionOutcome.Landed landed;
        using (var codebase = await fixture.OpenAsync())
        {
            var id = JourneyFixture.Add(codebase, "title: both\nedits:\n  - replace: a.txt\n    content: x\n  - create: deep/er/c.txt\n    content: c\n");
            landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        }
        using var another = await fixture.OpenAsync();
        var partly = another.Execution.Rollback(new(landed.Context, new RollbackScope.File(RepositoryPath.Parse("a.txt")), false, "ada"));
        Assert.IsType<RollbackOutcome.RolledBack>(partly);
        Assert.Equal(ContextState.PartlyRolledBack, another.Contexts.Get(landed.Context)!.State);
        Assert.IsType<RollbackOutcome.RolledBack>(another.Execution.Rollback(new(landed.Context, new RollbackScope.All(), false, "ada")));
        Assert.Equal(before, fixture.Picture());
        Assert.Equal(ContextState.RolledBack, another.Contexts.Get(landed.Context)!.State);
        Assert.Equal(ImprovementState.RolledBack, another.Improvements.List()[0].State);
    }

    [Fact]
    public async Task A_rejected_change_is_discarded_and_said_by_whom()
    {
        using var codebase = await fixture.OpenAsync();
        var before = fixture.Picture();
        var waiting = Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(codebase, "a.txt", "good", land: false));
        Assert.IsType<ExecutionOutcome.Rejected>(await codebase.Execution.RejectAsync(waiting.Context, "ada", "no"));
        Assert.Equal(before, fixture.Picture());
        Assert.Equal(ReviewDecision.Rejected, Assert.Single(codebase.Contexts.Reviews(waiting.Context)).Decision);
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ApproveAsync(waiting.Context, "ada", null));
    }

    [Fact]
    public async Task A_change_to_the_policy_of_the_codebase_is_held_for_a_person()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: policy\nedits:\n  - create: tars.yaml\n    content: 'protected-paths: [secret]'\n");
        var held = Assert.IsType<ExecutionOutcome.Held>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        Assert.Contains(held.Verdict.Findings, f => f.Rule == "path/policy");
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ApproveAsync(held.Context, "ada", "seen"));
    }

    [Fact]
    public async Task Skipping_validation_or_backup_needs_the_users_own_configuration()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Replacing(codebase, "a.txt", "good");
        Assert.IsType<ExecutionOutcome.Denied>(await codebase.Execution.ExecuteAsync(id, new() { Validate = false }));
        Assert.IsType<ExecutionOutcome.Denied>(await codebase.Execution.ExecuteAsync(id, new() { Backup = false }));

        using var loose = new JourneyFixture("allow:\n  unvalidated: true\n");
        using var allowed = await loose.OpenAsync();
        var held = await allowed.Execution.ExecuteAsync(JourneyFixture.Replacing(allowed, "a.txt", "broken"), new() { Validate = false, ApproveWhenValid = true });
        Assert.False(Assert.IsType<ExecutionOutcome.Held>(held).Verdict.Proven);
        Assert.Equal("one\n", loose.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task An_improvement_that_has_landed_or_waits_can_not_be_executed_again()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Replacing(codebase, "a.txt", "good");
        var waiting = Assert.IsType<ExecutionOutcome.AwaitingReview>(await codebase.Execution.ExecuteAsync(id, new()));
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ExecuteAsync(id, new()));
        await codebase.Execution.ApproveAsync(waiting.Context, "ada", null);
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ExecuteAsync(id, new()));
        Assert.IsType<ExecutionOutcome.NotFound>(await codebase.Execution.ExecuteAsync(new(99), new()));
    }

    [Fact]
    public async Task A_cancelled_run_settles_and_leaves_the_improvement_executable()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: slow\ncommand:\n  run: [sleep, '60']\n");
        using var stop = new CancellationTokenSource();
        var running = codebase.Execution.ExecuteAsync(id, new(), stop.Token);
        while (codebase.Contexts.List() is not [{ State: ContextState.Staging }]) await Task.Delay(20, TestContext.Current.CancellationToken);
        Assert.IsType<ControlRequested>(codebase.Contexts.RequestControl(codebase.Contexts.List()[0].Id, ControlRequest.Cancel, "ada"));
        Assert.IsType<ExecutionOutcome.Cancelled>(await running);
        Assert.Equal(ImprovementState.Ready, codebase.Improvements.Get(id)!.State);
        Assert.Equal(ContextState.Cancelled, codebase.Contexts.List()[0].State);
    }

    [Fact]
    public async Task A_command_changes_only_its_workspace_and_what_it_changed_lands()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: command\ncommand:\n  run: [sh, -c, 'echo made > made.txt; rm b.txt; echo noise > x.log']\n");
        var landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        Assert.Equal(["b.txt", "made.txt"], codebase.Contexts.Get(landed.Context)!.Changes!.Select(c => c.Path.Value));
        Assert.False(File.Exists(fixture.Repository.At("b.txt")));
        Assert.False(File.Exists(fixture.Repository.At("x.log")));
    }

    [Fact]
    public async Task Rolling_back_an_old_execution_again_does_not_touch_what_a_newer_one_landed()
    {
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Replacing(codebase, "a.txt", "good");
        var first = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        codebase.Execution.Rollback(new(first.Context, new RollbackScope.All(), false, "ada"));
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        Assert.IsType<RollbackOutcome.NothingToUndo>(codebase.Execution.Rollback(new(first.Context, new RollbackScope.All(), false, "ada")));
        Assert.Equal(ImprovementState.Landed, codebase.Improvements.Get(id)!.State);
        Assert.Equal("good\n", fixture.Repository.Read("a.txt"));
    }

    public void Dispose() => fixture.Dispose();
}
