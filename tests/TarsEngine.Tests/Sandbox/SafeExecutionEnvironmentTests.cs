using TarsEngine.Sandbox;
using TarsEngine.Tests.Processes;

namespace TarsEngine.Tests.Sandbox;

public sealed class SafeExecutionEnvironmentTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_self_test_finds_no_way_out_here()
    {
        var status = await sandbox.Environment.CheckAsync();

        Assert.True(status.Available, status.Reason);
        Assert.Contains("no capabilities, no way to gain any", status.Protections);
    }

    [Fact]
    public async Task A_command_works_on_the_workspace_at_its_fixed_place()
    {
        using var workspace = sandbox.Create(("src/a.txt", "hello"));

        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("pwd; cat a.txt; echo more >> a.txt") with { WorkingFolder = "src" });

        Assert.Equal((0, "/codebase/src\nhello"), (result.ExitCode, text));
        var change = Assert.Single(workspace.ReadChanges(sandbox.Objects).Changes);
        Assert.Equal("hellomore\n", System.Text.Encoding.UTF8.GetString(sandbox.Objects.Read(change.After!.Hash)));
    }

    [Fact]
    public async Task Exit_code_and_signal_are_told_apart_also_where_the_numbers_meet()
    {
        var code = (await sandbox.ShellAsync("exit 137")).Result;
        var signal = (await sandbox.ShellAsync("kill -9 $$")).Result;

        Assert.Equal((137, null), (code.ExitCode, code.Signal));
        Assert.Equal((null, 9), (signal.ExitCode, signal.Signal));
        Assert.Equal("killed by signal 9", signal.Ending);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_the_commands_failure()
    {
        using var workspace = sandbox.Create();
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("") with { Arguments = ["no-such-program"] });

        Assert.Equal(127, result.ExitCode);
        Assert.Contains("no-such-program", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_the_commands_failure()
    {
        using var workspace = sandbox.Create();
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("echo ran") with { WorkingFolder = "gone" });

        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("gone", text, StringComparison.Ordinal);
        Assert.DoesNotContain("ran", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_of_shell_builtins_mean_the_programs()
    {
        using var workspace = sandbox.Create();
        var (_, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("") with { Arguments = ["printf", "%s|%s", "a b", "$HOME"] });

        Assert.Equal("a b|$HOME", text);
    }

    [Fact]
    public async Task A_command_that_ignores_the_request_to_end_is_killed()
    {
        var (result, text) = await Timed("trap '' TERM; echo ready; while :; do sleep 0.05; done");

        Assert.Equal((true, 9, "ready"), (result.TimedOut, result.Signal, text));
        Assert.Equal(SandboxLimit.Time, result.LimitReached);
    }

    [Fact]
    public async Task A_command_may_clean_up_when_its_time_is_up()
    {
        var (result, text) = await Timed("trap 'echo cleaned; exit 4' TERM; echo ready; while :; do sleep 0.05; done");

        Assert.Equal((true, 4), (result.TimedOut, result.ExitCode));
        Assert.Contains("cleaned", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelling_kills_the_whole_tree()
    {
        using var cancel = new CancellationTokenSource();
        using var workspace = sandbox.Create();
        var marker = "sleep-" + Guid.NewGuid().ToString("n");
        var run = sandbox.Environment.RunAsync(
            workspace, SandboxFixture.Shell($"cp /usr/bin/sleep ./{marker}; setsid ./{marker} 1000 & (trap '' TERM; ./{marker} 1000) & sleep 0.2; echo go; wait") with { Grace = TimeSpan.FromMilliseconds(100) },
            _ => cancel.Cancel(), _ => { }, cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.Empty(ProcessTable.Having(marker));
    }

    [Fact]
    public async Task When_we_are_killed_at_once_nothing_of_the_sandbox_lives_on()
    {
        using var folder = new TempFolder();
        var marker = "sleep-" + Guid.NewGuid().ToString("n");
        using var runner = ChildProcessEntry.Start("run-sandboxed", folder.Path, $"cp /usr/bin/sleep {marker}; setsid ./{marker} 1000 & trap '' TERM HUP; echo go; ./{marker} 1000");
        Assert.Equal("go", await runner.StandardOutput.ReadLineAsync(None));
        Assert.NotEmpty(ProcessTable.Having(marker));

        runner.Kill();

        await runner.WaitForExitAsync(None);
        for (var i = 0; i < 500 && ProcessTable.Having(marker).Count > 0; i++) await Task.Delay(10, None);
        Assert.Empty(ProcessTable.Having(marker));
    }

    [Fact]
    public async Task A_daemon_that_holds_the_pipe_ends_with_the_command()
    {
        using var workspace = sandbox.Create();
        var marker = "sleep-" + Guid.NewGuid().ToString("n");
        var (result, text) = await sandbox.RunAsync(workspace, SandboxFixture.Shell($"cp /usr/bin/sleep ./{marker}; setsid ./{marker} 1000 & echo done"));

        Assert.Equal((0, "done"), (result.ExitCode, text));
        Assert.Empty(ProcessTable.Having(marker));
    }

    [Fact]
    public async Task A_fork_bomb_meets_its_limit()
    {
        using var workspace = sandbox.Create();
        var bomb = SandboxFixture.Shell("i=0; while [ $i -lt 300 ]; do sleep 30 & i=$((i+1)); done; echo survived") with { Limits = new() { Processes = 40 } };

        var (result, text) = await sandbox.RunAsync(workspace, bomb);

        Assert.NotEqual(0, result.ExitCode);
        Assert.DoesNotContain("survived", text, StringComparison.Ordinal);
        Assert.Contains((await sandbox.Environment.CheckAsync()).Protections, line => line.StartsWith("number of processes", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_memory_bomb_meets_its_limit()
    {
        using var workspace = sandbox.Create();
        var bomb = SandboxFixture.Shell("exec head -c 400000000 /dev/zero | tail -c 300000000 | wc -c") with { Limits = new() { MemoryBytes = 64 << 20 } };

        var (result, _) = await sandbox.RunAsync(workspace, bomb);

        Assert.Equal(SandboxLimit.Memory, result.LimitReached);
    }

    [Fact]
    public async Task A_file_can_not_grow_beyond_its_limit()
    {
        using var workspace = sandbox.Create();
        var (result, _) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("exec head -c 5000000 /dev/zero > big") with { Limits = new() { FileBytes = 1 << 20 } });

        Assert.Equal(25, result.Signal); // SIGXFSZ
        Assert.Equal(1 << 20, Assert.Single(workspace.ReadChanges(sandbox.Objects).Changes).After!.Size);
    }

    [Fact]
    public async Task Reports_come_out_through_a_fresh_folder_outside_the_codebase()
    {
        using var workspace = sandbox.Create();
        var results = workspace.CreateResultsFolder();
        await sandbox.RunAsync(workspace, SandboxFixture.Shell("echo report > /results/a.trx") with { Binds = [results] });

        Assert.Equal("report\n", await File.ReadAllTextAsync(Path.Combine(results.HostFolder, "a.trx"), None));
        Assert.Empty(Directory.GetFileSystemEntries(workspace.CreateResultsFolder().HostFolder));
        Assert.Empty(workspace.NewPaths());
    }

    [Theory]
    [InlineData("/codebase/x")]
    [InlineData("/a/../usr")]
    public async Task No_folder_can_be_bound_over_what_is_protected(string inside)
    {
        using var workspace = sandbox.Create();
        var command = SandboxFixture.Shell("true") with { Binds = [new(sandbox.State.Root, inside, Writable: true)] };

        await Assert.ThrowsAsync<ArgumentException>(() => sandbox.RunAsync(workspace, command));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc")]
    public async Task The_working_folder_stays_in_the_codebase(string folder)
    {
        using var workspace = sandbox.Create();
        await Assert.ThrowsAsync<FormatException>(() => sandbox.RunAsync(workspace, SandboxFixture.Shell("true") with { WorkingFolder = folder }));
    }

    private async Task<(TarsEngine.Terminal.CommandResult Result, string Text)> Timed(string script)
    {
        using var workspace = sandbox.Create();
        return await sandbox.RunAsync(workspace, SandboxFixture.Shell(script) with { Timeout = TimeSpan.FromSeconds(1), Grace = TimeSpan.FromMilliseconds(400) });
    }
}
