using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Tests.Journey;

namespace TarsEngine.Tests.Branches;

public sealed class BranchLandingTests : IDisposable
{
    private readonly JourneyFixture fixture = new();
    private static readonly ExecutionOptions OnBranch = new() { ApproveWhenValid = true, Land = LandingPlace.Branch, Branch = "tars/one" };

    [Fact]
    public async Task A_dirty_tree_with_a_rebase_in_progress_stays_bit_identical_while_a_change_lands_on_a_branch()
    {
        var repository = fixture.Repository;
        repository.LeaveRebaseInProgress("b.txt", "topic\n", "main\n");
        repository.Write("a.txt", "staged\n");
        repository.Git("add", "a.txt");
        repository.Write("a.txt", "and edited again\n");
        repository.Write("untracked.md", "mine");
        repository.Write("noise.log", "ignored");
        using var codebase = await fixture.OpenAsync();
        var before = Outside();
        var landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, "a.txt", "good"), OnBranch));
        Assert.Equal(before, Outside());
        Assert.Equal("good", repository.Git("show", "tars/one:a.txt"));
        Assert.Equal(repository.Head, repository.Git("rev-parse", "tars/one~1"));
        Assert.Equal(landed.Commit!.Id, repository.Git("rev-parse", "tars/one"));
        Assert.Equal("", repository.Git("fsck", "--strict", "--no-dangling"));
    }

    [Fact]
    public async Task Changes_follow_each_other_on_a_branch_each_as_one_commit_on_the_one_before()
    {
        using var codebase = await fixture.OpenAsync();
        await LandAsync(codebase, "a.txt", "good");
        await LandAsync(codebase, "b.txt", "fine");
        Assert.Equal("2", fixture.Repository.Git("rev-list", "--count", "main..tars/one"));
        Assert.Equal("good\nfine", fixture.Repository.Git("show", "tars/one:a.txt") + "\n" + fixture.Repository.Git("show", "tars/one:b.txt"));
        Assert.Equal("one\n", fixture.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task What_is_red_on_the_branch_does_not_land_though_it_is_green_on_the_working_tree()
    {
        using var codebase = await fixture.OpenAsync();
        await LandAsync(codebase, "a.txt", "two");
        var tip = fixture.Repository.Git("rev-parse", "tars/one");
        Assert.IsType<ExecutionOutcome.Failed>(await codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, "b.txt", "two"), OnBranch));
        Assert.Equal(tip, fixture.Repository.Git("rev-parse", "tars/one"));
    }

    [Fact]
    public async Task A_change_that_waited_is_validated_again_when_its_branch_moved()
    {
        using var codebase = await fixture.OpenAsync();
        var waiting = Assert.IsType<ExecutionOutcome.AwaitingReview>(
            await codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, "b.txt", "two"), OnBranch with { ApproveWhenValid = false }));
        await LandAsync(codebase, "a.txt", "two");
        Assert.IsType<ExecutionOutcome.Failed>(await codebase.Execution.ApproveAsync(waiting.Context, "ada", null));
        Assert.Equal("one", fixture.Repository.Git("show", "tars/one:b.txt"));
    }

    [Fact]
    public async Task The_last_landing_is_taken_back_by_moving_the_branch_and_an_earlier_one_by_a_commit()
    {
        using var codebase = await fixture.OpenAsync();
        var (first, second, third) = (await LandAsync(codebase, "a.txt", "good"), await LandAsync(codebase, "b.txt", "fine"), await LandAsync(codebase, "b.txt", "better"));
        var back = Assert.IsType<RollbackOutcome.BranchRolledBack>(RollBack(codebase, third));
        Assert.Null(back.Commit);
        Assert.Equal("2", fixture.Repository.Git("rev-list", "--count", "main..tars/one"));
        var undone = Assert.IsType<RollbackOutcome.BranchRolledBack>(RollBack(codebase, first));
        Assert.Equal(undone.Commit, fixture.Repository.Git("rev-parse", "tars/one"));
        Assert.Equal("one\nfine", fixture.Repository.Git("show", "tars/one:a.txt") + "\n" + fixture.Repository.Git("show", "tars/one:b.txt"));
        Assert.Equal(ContextState.RolledBack, codebase.Contexts.Get(first.Context)!.State);
        Assert.Equal(ContextState.Landed, codebase.Contexts.Get(second.Context)!.State);
        Assert.IsType<RollbackOutcome.NothingToUndo>(RollBack(codebase, first));
        Assert.True(codebase.Audit.Verify().IsIntact);
    }

    [Fact]
    public async Task A_branch_that_a_landing_made_is_gone_when_it_is_taken_back()
    {
        using var codebase = await fixture.OpenAsync();
        RollBack(codebase, await LandAsync(codebase, "a.txt", "good"));
        Assert.Equal("main", fixture.Repository.Git("branch", "--format=%(refname:short)"));
    }

    [Fact]
    public async Task A_landing_whose_lines_a_later_commit_changed_is_a_conflict()
    {
        using var codebase = await fixture.OpenAsync();
        var first = await LandAsync(codebase, "a.txt", "good");
        await LandAsync(codebase, "a.txt", "better");
        Assert.IsType<RollbackOutcome.Conflicted>(RollBack(codebase, first));
        Assert.Equal("better", fixture.Repository.Git("show", "tars/one:a.txt"));
    }

    [Theory]
    [InlineData("main")]
    [InlineData("-q")]
    [InlineData("a..b")]
    [InlineData("tars/")]
    [InlineData("HEAD")]
    [InlineData("@")]
    [InlineData("refs/heads/x")]
    [InlineData("main/below")]
    public async Task A_branch_that_is_checked_out_or_no_name_is_refused(string branch)
    {
        using var codebase = await fixture.OpenAsync();
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, "a.txt", "good"), OnBranch with { Branch = branch }));
    }

    [Fact]
    public async Task A_branch_that_a_linked_working_tree_has_checked_out_is_refused()
    {
        fixture.Repository.Git("worktree", "add", "-q", "-b", "tars/one", fixture.Repository.Beside("linked"));
        using var codebase = await fixture.OpenAsync();
        Assert.IsType<ExecutionOutcome.NotPossible>(await codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, "a.txt", "good"), OnBranch));
    }

    [Fact]
    public async Task Hooks_and_filters_of_the_repository_do_not_run()
    {
        var repository = fixture.Repository;
        repository.Write(".gitattributes", "*.txt filter=evil text eol=crlf\n");
        repository.Commit("attributes");
        var ran = repository.Beside("ran");
        repository.Git("config", "filter.evil.clean", $"touch {ran}; cat");
        foreach (var hook in (string[])["reference-transaction", "post-commit", "pre-commit"])
        {
            repository.Write($".git/hooks/{hook}", $"#!/bin/sh\ntouch {ran}\n");
            repository.SetExecutable($".git/hooks/{hook}");
        }
        using var codebase = await fixture.OpenAsync();
        await LandAsync(codebase, "a.txt", "good");
        Assert.False(File.Exists(ran));
        Assert.Equal("good\n"u8.ToArray(), repository.GitBytes("cat-file", "blob", "tars/one:a.txt"));
    }

    private static async Task<ExecutionOutcome.Landed> LandAsync(Codebase codebase, string path, string content) =>
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, path, content), OnBranch));

    private static RollbackOutcome RollBack(Codebase codebase, ExecutionOutcome.Landed landed) =>
        codebase.Execution.Rollback(new(landed.Context, new RollbackScope.All(), false, "ada"));

    // All but what a landing on a branch is: objects, the ref, its log.
    private string Outside() => fixture.Picture(".git/objects", ".git/refs/heads/tars", ".git/logs/refs/heads/tars");

    public void Dispose() => fixture.Dispose();
}
