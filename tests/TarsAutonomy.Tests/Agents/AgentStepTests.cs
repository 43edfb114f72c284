using TarsAutonomy.Agents;
using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Staging;

namespace TarsAutonomy.Tests.Agents;

/// <summary>A step on which an agent works: what it is given, what becomes of what it leaves, what is told.</summary>
public sealed class AgentStepTests(AgentGround ground) : IClassFixture<AgentGround>
{
    private const string Usage = "echo '{\"usage\": {\"input_tokens\": 1200, \"output_tokens\": 34}, \"total_cost_usd\": 0.0125}'; ";

    [Fact]
    public async Task What_an_agent_leaves_in_the_files_is_the_steps_change()
    {
        var run = await ground.RunAsync("cat; echo working; echo Hello > src/greeting.txt; mkdir new; echo made > new/file; rm src/keep.txt; echo noise > other.log; " + Usage);

        Assert.Equal("Create:new/file Modify:src/greeting.txt Delete:src/keep.txt", run.Changes);
        Assert.Equal("Hello\n", run.Text("src/greeting.txt"));
        Assert.Contains(run.Events, happened => happened is OutputWritten { Text: "working", Source: "agent", Stream: "out" });
        Assert.Equal(new AgentUsageReported("script", new(1200, 34, 0.0125m)), Assert.Single(run.Events.OfType<AgentUsageReported>()));
    }

    [Fact]
    public async Task An_agent_finds_its_prompt_and_the_history_and_can_write_neither()
    {
        var run = await ground.RunAsync("cat /agent/prompt.md; git log --oneline; echo x > made; echo x > /agent/prompt.md; true");

        Assert.Contains("Task: Say hello", run.Output, StringComparison.Ordinal);
        Assert.Contains("- @CLAUDE.md (standards)", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(" first", run.Events.OfType<OutputWritten>().Last(line => line.Stream == "out").Text, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", run.Output, StringComparison.Ordinal);
        Assert.Equal("Create:made", run.Changes);
    }

    [Fact]
    public async Task What_policy_hides_is_not_there_and_not_written_over()
    {
        var policy = ConfigurationLoader.Load("paths: [{paths: [src/keep.txt], read: deny}]", null, "config.yaml").Configuration.Permissions;

        var run = await ground.RunAsync(
            AgentGround.Launcher(AgentGround.Shell("ls src; git log 2>&1; echo x > src/keep.txt")), request => request with { Policy = policy });

        Assert.Equal("path/hidden", run.Rules);
        Assert.StartsWith("greeting.txt\nfatal: not a git repository", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("echo no; echo why >&2; exit 3", "agent/failed", "exit code 3")]
    [InlineData("sleep 60", "agent/timeout", "Task takes >2 seconds")]
    [InlineData("exit 0", "agent/no-change", "The agent ended without changing anything")]
    [InlineData("echo again > src/greeting.txt; git checkout -q src/greeting.txt 2>/dev/null; printf 'Hi there\\n' > src/greeting.txt", "agent/no-change", "without changing anything")]
    public async Task An_agent_that_comes_to_nothing_fails_its_step_and_says_what_it_used(string script, string rule, string said)
    {
        var run = await ground.RunAsync(Usage + script, seconds: 2);

        var failed = Assert.IsType<StepFailed>(run.Result);
        Assert.Equal(rule, run.Rules);
        Assert.Contains(said, failed.Reason, StringComparison.Ordinal);
        Assert.True(run.Tree.ToChangeSet().IsEmpty);
        Assert.Equal(new(1200, 34, 0.0125m), Assert.Single(run.Events.OfType<AgentUsageReported>()).Usage);
        if (rule != "agent/no-change") Assert.Contains("The whole output is in '", failed.Findings[0].Remedy, StringComparison.Ordinal);
        if (rule == "agent/failed") Assert.EndsWith("\n  no\n  why", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_attempt_goes_on_from_the_change_of_the_one_before()
    {
        var first = await ground.RunAsync("echo Hello > src/greeting.txt; echo wrong > wrong; echo right > right");
        var earlier = Assert.IsType<Staged>(first.Result).Net;
        var feedback = new AgentFeedback(1, [new(Severity.Error, "tests/new-failure", "Greets_politely fails", RepositoryPath.Parse("src/greeting.txt"), 1)], HasChange: true);

        var second = await ground.RunAsync(
            AgentGround.Launcher(AgentGround.Shell("cat /agent/prompt.md; cat src/greeting.txt; rm wrong; echo 'Good evening' > src/greeting.txt")),
            request => request with { Earlier = earlier, Feedback = feedback });

        Assert.Equal("Create:right Modify:src/greeting.txt", second.Changes);
        Assert.Equal("Good evening\n", second.Text("src/greeting.txt"));
        Assert.Contains("Attempt 1 at this task was refused. Its change lies in the files before you", second.Output, StringComparison.Ordinal);
        Assert.Contains("- tests/new-failure src/greeting.txt:1: Greets_politely fails", second.Output, StringComparison.Ordinal);
        Assert.EndsWith("\nHello", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_attempt_that_adds_nothing_or_takes_all_back_has_not_changed_anything()
    {
        var earlier = Assert.IsType<Staged>((await ground.RunAsync("echo made > made")).Result).Net;

        Assert.Equal("agent/no-change", (await ground.RunAsync(AgentGround.Launcher(AgentGround.Shell("true")), request => request with { Earlier = earlier })).Rules);
        Assert.Equal("agent/no-change", (await ground.RunAsync(AgentGround.Launcher(AgentGround.Shell("rm made")), request => request with { Earlier = earlier })).Rules);
    }

    [Fact]
    public async Task A_change_that_no_longer_fits_is_left_out_and_the_agent_told_so()
    {
        var other = new ChangeSet([new(RepositoryPath.Parse("src/greeting.txt"), null, new(EntryKind.File, 0b110_100_100, ground.Codebase.Objects.Put("x"u8), 1))]);

        var run = await ground.RunAsync(
            AgentGround.Launcher(AgentGround.Shell("cat /agent/prompt.md src/greeting.txt; echo made > made")), request => request with { Earlier = other, Feedback = new(2, [], HasChange: true) });

        Assert.Equal("Create:made", run.Changes);
        Assert.Contains("Attempt 2 at this task was refused. Its change is gone", run.Output, StringComparison.Ordinal);
        Assert.EndsWith("Hi there", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_the_step_says_how_to_get_one()
    {
        var none = await ground.RunAsync(agents: null);
        var empty = await ground.RunAsync(new AgentLauncher(AgentSettings.None, AgentGround.HostEnvironment));
        var absent = await ground.RunAsync(AgentGround.Launcher(AgentGround.Shell("") with { Run = ["no-such-agent-anywhere"] }));

        Assert.Equal(("agent/none", "No agent is configured."), (none.Rules, Assert.IsType<StepFailed>(none.Result).Reason));
        Assert.Equal(("agent/unavailable", "No agent is configured."), (empty.Rules, Assert.IsType<StepFailed>(empty.Result).Reason));
        Assert.Contains("'no-such-agent-anywhere' of the agent 'script' is not installed", Assert.IsType<StepFailed>(absent.Result).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_agent_is_ended_and_what_it_used_is_told()
    {
        using var cancellation = new CancellationTokenSource();
        var told = new List<ExecutionEvent>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ground.RunAsync(
            AgentGround.Launcher(AgentGround.Shell(Usage + "echo going; sleep 600")),
            request => request with
            {
                Events = happened =>
                {
                    told.Add(happened);
                    if (happened is OutputWritten { Text: "going" }) cancellation.Cancel();
                },
            },
            cancellation: cancellation.Token));

        Assert.Single(told.OfType<AgentUsageReported>());
    }
}
