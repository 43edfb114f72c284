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
        using var workspace = sandbox.Create(TarsEngine.Files.TreeSnapshot.Empty, layered: false);
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
        using var workspace = sandbox.Create(TarsEngine.Files.TreeSnapshot.Empty, layered: false);
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

    [Fact]
    public async Task It_reads_what_it_is_given_on_standard_input_and_then_the_end()
    {
        using var workspace = sandbox.Create();
        var input = new MemoryStream("first\nsecond\n"u8.ToArray());
        var result = await new TerminalExecutor(sandbox.Environment, sandbox.State)
            .RunAsync(workspace, SandboxFixture.Shell("cat; echo end") with { Input = input }, cancellation: None);

        Assert.Equal(["first", "second", "end"], result.Tail.Select(line => line.Text));
    }

    [Fact]
    public async Task Without_input_it_finds_the_end_at_once()
    {
        var (result, _) = await Run("cat; echo end");

        Assert.Equal(["end"], result.Tail.Select(line => line.Text));
    }

    [Fact]
    public async Task An_input_that_has_nothing_yet_holds_up_neither_output_nor_end()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream(System.IO.Pipes.PipeDirection.In, HandleInheritability.None);
        using var writer = new System.IO.Pipes.AnonymousPipeClientStream(System.IO.Pipes.PipeDirection.Out, pipe.ClientSafePipeHandle);
        using var workspace = sandbox.Create();
        var result = await new TerminalExecutor(sandbox.Environment, sandbox.State)
            .RunAsync(workspace, SandboxFixture.Shell("echo before; read line; echo got $line") with { LiveInput = pipe.SafePipeHandle }, line =>
            {
                if (line.Text == "before") writer.Write("it\n"u8);
            }, None);

        Assert.Equal(["before", "got it"], result.Tail.Select(line => line.Text));
    }

    [Fact]
    public async Task Input_that_the_command_does_not_want_is_its_own_affair()
    {
        using var workspace = sandbox.Create();
        var result = await new TerminalExecutor(sandbox.Environment, sandbox.State)
            .RunAsync(workspace, SandboxFixture.Shell("exec 0<&-; echo done") with { Input = new MemoryStream(new byte[1 << 20]) }, cancellation: None);

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task The_log_has_a_line_as_soon_as_it_came()
    {
        using var workspace = sandbox.Create(TarsEngine.Files.TreeSnapshot.Empty, layered: false);
        var logs = new List<string>();
        await new TerminalExecutor(sandbox.Environment, sandbox.State).RunAsync(workspace, SandboxFixture.Shell("echo one; while [ ! -e go ]; do sleep 0.02; done; echo two"), line =>
        {
            if (line.Text != "one") logs.Add(File.ReadAllText(Directory.GetFiles(sandbox.State.Logs, workspace.Name + "-*").Single()));
            else File.WriteAllText(workspace.Folder + "/go", "");
        }, None);

        Assert.StartsWith("one\n", Assert.Single(logs), StringComparison.Ordinal);
    }

    private async Task<(CommandResult Result, List<OutputLine> Lines)> Run(string script, OutputLimits? limits = null)
    {
        using var workspace = sandbox.Create();
        var lines = new List<OutputLine>();
        var result = await new TerminalExecutor(sandbox.Environment, sandbox.State, limits).RunAsync(workspace, SandboxFixture.Shell(script), lines.Add, None);
        return (result, lines);
    }
}
