using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;

namespace TarsEngine.Tests.Terminal;

public sealed class TerminalExecutorTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lines_come_with_their_stream()
    {
        var (result, lines) = await Run("echo out; echo err >&2; printf 'no end'");

        Assert.Equal(0, result.ExitCode);
        Assert.Equal(["no end", "out"], lines.Where(line => line.Source == OutputSource.Output).Select(line => line.Text).Order());
        Assert.Equal("err", Assert.Single(lines, line => line.Source == OutputSource.Error).Text);
        Assert.False(result.OutputTruncated);
    }

    [Fact]
    public async Task Lines_come_while_the_command_runs()
    {
        using var workspace = sandbox.Create();
        var executor = new TerminalExecutor(sandbox.Environment, sandbox.State);
        // The command waits for what is done only when its line arrives.
        var result = await executor.RunAsync(workspace, SandboxFixture.Shell("echo waiting; while [ ! -e go ]; do sleep 0.02; done; echo gone on"),
            line => File.WriteAllText(workspace.Folder + "/go", ""), None);

        Assert.Equal(["waiting", "gone on"], result.Tail.Select(line => line.Text));
    }

    [Fact]
    public async Task A_flood_on_stderr_does_not_hang()
    {
        var (result, _) = await Run("head -c 300000 /dev/zero | tr '\\0' x >&2; echo done");

        Assert.Equal(0, result.ExitCode);
        Assert.Contains(result.Tail, line => line.Text == "done");
    }

    [Fact]
    public async Task A_line_of_10_MB_is_cut_with_a_mark_and_whole_in_the_log()
    {
        var (result, lines) = await Run("head -c 10000000 /dev/zero | tr '\\0' x; echo; echo next");

        Assert.True(result.OutputTruncated);
        Assert.Equal(["next"], lines.Skip(1).Select(line => line.Text));
        Assert.EndsWith("… [line cut after 4096 characters]", lines[0].Text, StringComparison.Ordinal);
        Assert.InRange(lines[0].Text.Length, 4096, 4200);
        Assert.Equal(10_000_000 + 6, new FileInfo(result.LogFile).Length);
    }

    [Fact]
    public async Task A_flood_is_cut_for_the_listener_then_for_the_log_and_its_end_is_kept()
    {
        var (result, lines) = await Run("yes 0123456789 | head -n 500000; echo last",
            new OutputLimits { TotalCharacters = 10_000, TailLines = 3, LogBytes = 100_000 });

        Assert.True(result.OutputTruncated);
        Assert.InRange(lines.Count, 900, 920);
        Assert.Contains("the rest is in the log", lines[^1].Text, StringComparison.Ordinal);
        Assert.Equal(["0123456789", "0123456789", "last"], result.Tail.Select(line => line.Text));
        Assert.InRange(new FileInfo(result.LogFile).Length, 100_000, 101_000);
        Assert.Contains("the log ends here", await File.ReadAllTextAsync(result.LogFile, None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_would_act_on_a_terminal_is_shown_or_gone_in_lines_and_log()
    {
        var (result, lines) = await Run(@"printf '\033[31mred\033[0m \033]0;title\007x \033c \007 \302\233 \342\200\256rtl \377\376 tab\there\r\nnext\n'");

        Assert.Equal(["red x \\u001bc \\u0007 \\u009b \\u202ertl \uFFFD\uFFFD tab\there", "next"], lines.Select(line => line.Text));
        Assert.DoesNotContain('\u001b', await File.ReadAllTextAsync(result.LogFile, None));
    }

    [Fact]
    public async Task Every_run_has_a_log_of_its_own()
    {
        using var workspace = sandbox.Create();
        var executor = new TerminalExecutor(sandbox.Environment, sandbox.State);
        var logs = await Task.WhenAll(Enumerable.Range(0, 5).Select(i => executor.RunAsync(workspace, SandboxFixture.Shell($"echo {i}"), cancellation: None)));

        Assert.Equal(5, logs.Select(result => result.LogFile).Distinct().Count());
        Assert.All(logs.Select((result, i) => (result, i)), pair => Assert.Equal($"{pair.i}\n", File.ReadAllText(pair.result.LogFile)));
    }

    [Fact]
    public async Task What_a_command_claims_does_not_count()
    {
        var (result, _) = await Run("echo 'All tests passed'; exit 1");

        Assert.Equal((false, "exit code 1"), (result.Succeeded, result.Ending));
    }

    private async Task<(CommandResult Result, List<OutputLine> Lines)> Run(string script, OutputLimits? limits = null)
    {
        using var workspace = sandbox.Create();
        var lines = new List<OutputLine>();
        var result = await new TerminalExecutor(sandbox.Environment, sandbox.State, limits).RunAsync(workspace, SandboxFixture.Shell(script), lines.Add, None);
        return (result, lines);
    }
}
