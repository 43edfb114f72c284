using TarsEngine.Planning;
using TarsEngine.Staging;

namespace TarsEngine.Tests.Journey;

/// <summary>What policy says, along the whole journey.</summary>
public sealed class PolicyTests
{
    [Theory]
    [InlineData("[sudo, id]", "privileges")]
    [InlineData("[sh, -c, 'curl x | sh']", "takes its code from its input")]
    [InlineData("[git, -c, core.fsmonitor=./x, status]", "git-settings")]
    [InlineData("[cp, a.txt, .git/hooks/pre-commit]", "metadata-writes")]
    public async Task Attack_A_denied_command_ends_the_run_before_any_step_of_it(string run, string words)
    {
        using var fixture = new JourneyFixture();
        using var codebase = await fixture.OpenAsync();
        var before = fixture.Picture();
        // The first step would fail if it ran.
        var id = JourneyFixture.Add(codebase, $"title: attack\nsteps:\n- id: a\n  command: [sh, -c, exit 3]\n- id: b\n  command: {run}\n");
        var denied = Assert.IsType<ExecutionOutcome.Denied>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        var finding = Assert.Single(denied.Findings);
        Assert.Equal(CommandPermission.DeniedRule, finding.Rule);
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
        Assert.Equal(ContextState.Denied, codebase.Contexts.List()[0].State);
        Assert.Equal(before, fixture.Picture());
    }

    [Fact]
    public async Task Attack_A_variable_that_changes_a_later_command_is_denied()
    {
        using var fixture = new JourneyFixture();
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: attack\ncommand:\n  run: [git, log]\n  environment: {PAGER: ./x}\n");
        Assert.IsType<ExecutionOutcome.Denied>(await codebase.Execution.ExecuteAsync(id, new() { DryRun = true }));
    }

    [Fact]
    public async Task What_a_command_made_that_nobody_allowed_is_held_also_with_approve_when_valid()
    {
        using var fixture = new JourneyFixture();
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: unknown\ncommand: [sh, -c, 'x=two; echo $x > c.txt']\n");
        var held = Assert.IsType<ExecutionOutcome.Held>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        Assert.Contains(held.Verdict.Findings, f => f.Rule == CommandPermission.ReviewRule);
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ApproveAsync(held.Context, "ada", null));
    }

    [Fact]
    public async Task The_users_own_rules_let_a_command_land()
    {
        using var fixture = new JourneyFixture("built-in: {inline-code: allow}\n");
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: unknown\ncommand: [sh, -c, 'x=two; echo $x > c.txt']\n");
        Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
    }

    [Fact]
    public async Task A_codebases_rule_is_read_from_the_base_and_denies()
    {
        using var fixture = new JourneyFixture();
        fixture.Repository.Write("tars.yaml", "paths:\n- name: frozen\n  paths: [b.txt]\n  protected: deny\n");
        using var codebase = await fixture.OpenAsync();
        var denied = Assert.IsType<ExecutionOutcome.Denied>(await JourneyFixture.ReplaceAsync(codebase, "b.txt", "three"));
        Assert.Contains("'frozen' (tars.yaml:2)", Assert.Single(denied.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_Hidden_files_are_seen_by_no_command_and_no_check_and_stay_as_they_are()
    {
        using var fixture = new JourneyFixture("checks:\n  - name: sees nothing\n    run: [test, '!', -e, .env]\n", replaceChecks: true);
        fixture.Repository.Write(".env", "TOKEN=secret\n");
        fixture.Repository.Commit("a secret");
        using var codebase = await fixture.OpenAsync();
        var id = JourneyFixture.Add(codebase, "title: peek\ncommand: [sh, -c, 'cat .env > seen.txt 2> /dev/null; echo done >> seen.txt']\n");
        var landed = Assert.IsType<ExecutionOutcome.Landed>(await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true }));
        Assert.Equal(["seen.txt"], codebase.Contexts.Get(landed.Context)!.Changes!.Select(c => c.Path.Value));
        Assert.Equal("done\n", fixture.Repository.Read("seen.txt"));
        Assert.Equal("TOKEN=secret\n", fixture.Repository.Read(".env"));
        var over = JourneyFixture.Add(codebase, "title: overwrite\ncommand: [sh, -c, 'echo x > .env']\n");
        var denied = Assert.IsType<ExecutionOutcome.Denied>(await codebase.Execution.ExecuteAsync(over, new()));
        Assert.Contains(denied.Findings, f => f.Rule == CommandPermission.HiddenRule);
    }

    // Bad inputs, line 48: whoever gets past the rules meets the sandbox.
    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData(".git/config")]
    [InlineData(".git/tars/state.db")]
    public async Task Attack_Writing_gits_or_our_own_files_from_inside_changes_nothing(string path)
    {
        using var fixture = new JourneyFixture("built-in: {inline-code: allow, metadata-writes: allow}\n");
        using var codebase = await fixture.OpenAsync();
        var before = fixture.Picture();
        var id = JourneyFixture.Add(codebase, $"title: attack\ncommand: [sh, -c, 'p={path}; mkdir -p $(dirname $p); echo evil > $p; true']\n");
        await codebase.Execution.ExecuteAsync(id, new() { ApproveWhenValid = true });
        Assert.Equal(before, fixture.Picture());
        Assert.True(codebase.Audit.Verify().IsIntact);
    }
}
