using System.Text;
using TarsEngine.Processes;

namespace TarsEngine.Tests.Processes;

public sealed class ChildProcessTests
{
    private static readonly Dictionary<string, string> path = new() { ["PATH"] = "/usr/bin:/bin" };

    private static CancellationToken None => TestContext.Current.CancellationToken;

    private static ChildCommand Shell(string script) => new("/bin/sh", ["-c", script]) { Environment = path };

    [Fact]
    public async Task Streams_and_exit_code_come_back_apart()
    {
        var result = await ChildProcess.RunAsync(Shell("echo out; echo err >&2; exit 7"), None);

        Assert.Equal((7, null, "out\n", "err\n"), (result.ExitCode, result.Signal, result.OutputText, result.ErrorText));
    }

    [Fact]
    public async Task A_signal_is_no_exit_code()
    {
        var result = await ChildProcess.RunAsync(Shell("kill -9 $$"), None);

        Assert.Equal((null, 9, false), (result.ExitCode, result.Signal, result.TimedOut));
    }

    [Fact]
    public async Task A_flood_on_both_streams_while_input_flows_does_not_hang()
    {
        var input = new byte[3_000_000];
        var result = await ChildProcess.RunAsync(
            Shell("head -c 300000 /dev/zero >&2; head -c 5000000 /dev/zero; cat; head -c 300000 /dev/zero >&2") with { Input = new MemoryStream(input) }, None);

        Assert.Equal((0, 8_000_000, 600_000), (result.ExitCode, result.Output.Length, result.Error.Length));
    }

    [Fact]
    public async Task A_child_that_never_reads_its_input_ends_all_the_same()
    {
        var result = await ChildProcess.RunAsync(Shell("exit 0") with { Input = new MemoryStream(new byte[1_000_000]) }, None);

        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Without_input_the_child_meets_the_end_of_file()
    {
        Assert.Equal(0, (await ChildProcess.RunAsync(Shell("cat"), None)).ExitCode);
    }

    [Fact]
    public async Task More_than_the_limit_is_dropped_and_marked()
    {
        var result = await ChildProcess.RunAsync(Shell("head -c 5000000 /dev/zero; echo done >&2") with { KeepBytes = 1000 }, None);

        Assert.Equal((1000, true, "done\n"), (result.Output.Length, result.Truncated, result.ErrorText));
    }

    [Fact]
    public async Task Out_of_time_it_is_asked_to_end_and_may_clean_up()
    {
        var result = await ChildProcess.RunAsync(
            Shell("trap 'echo cleaned; exit 3' TERM; echo ready; while :; do sleep 0.02; done") with { Timeout = TimeSpan.FromMilliseconds(300) }, None);

        Assert.Equal((3, true, "ready\ncleaned\n"), (result.ExitCode, result.TimedOut, result.OutputText));
    }

    [Fact]
    public async Task What_ignores_the_request_is_killed_with_its_children()
    {
        using var folder = new TempFolder();
        var result = await ChildProcess.RunAsync(
            Shell("trap '' TERM; sleep 1000 & echo $! > pid; while :; do sleep 0.02; done") with
            {
                Folder = folder.Path, Timeout = TimeSpan.FromMilliseconds(300), Grace = TimeSpan.FromMilliseconds(100),
            },
            None);

        Assert.Equal((9, true), (result.Signal, result.TimedOut));
        await ProcessTable.Gone(await File.ReadAllTextAsync(folder.File("pid"), None));
    }

    [Fact]
    public async Task What_the_child_leaves_behind_in_its_group_ends_with_it()
    {
        var result = await ChildProcess.RunAsync(Shell("sleep 1000 & echo $!"), None);

        Assert.Equal(0, result.ExitCode);
        await ProcessTable.Gone(result.OutputText);
    }

    [Fact]
    public async Task A_daemon_that_holds_the_pipe_does_not_hang_us()
    {
        // Leaves session and group, and keeps both streams.
        var result = await ChildProcess.RunAsync(Shell("setsid sleep 20 & echo started"), None);

        Assert.Equal((0, "started\n"), (result.ExitCode, result.OutputText));
    }

    [Fact]
    public async Task Cancelling_ends_it_and_propagates()
    {
        using var cancel = new CancellationTokenSource();
        var pid = 0;
        var run = ChildProcess.RunAsync(
            Shell("echo go; sleep 1000") with { OnStarted = id => pid = id, OnOutput = _ => cancel.Cancel() }, cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Fact]
    public async Task Attack_a_cancelled_child_that_ends_with_success_has_not_succeeded()
    {
        using var cancel = new CancellationTokenSource();
        var run = ChildProcess.RunAsync(Shell("trap 'exit 0' TERM; echo go; while :; do sleep 0.05; done") with { OnOutput = _ => cancel.Cancel() }, cancel.Token);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
    }

    [Fact]
    public async Task A_failing_listener_kills_the_child_and_surfaces()
    {
        var pid = 0;
        var run = ChildProcess.RunAsync(
            Shell("echo go; sleep 1000") with { OnStarted = id => pid = id, OnOutput = _ => throw new InvalidDataException("mine") }, None);

        Assert.Equal("mine", (await Assert.ThrowsAsync<InvalidDataException>(() => run)).Message);
        Assert.False(Directory.Exists($"/proc/{pid}"));
    }

    [Fact]
    public async Task Nothing_is_inherited_but_what_is_given()
    {
        using var leak = File.OpenHandle("/dev/null");
        var flags = Posix.Fcntl(Descriptors.Number(leak), Posix.SetFlags - 2, 0); // F_SETFD 0: no close-on-exec any more
        Assert.Equal(0, flags);

        var result = await ChildProcess.RunAsync(
            new ChildCommand("/bin/sh", ["-c", "ls /proc/$$/fd; /usr/bin/env; ps -o tty= -p $$"]) { Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin", ["A"] = "ü=1" } }, None);

        Assert.Equal(["0", "1", "2", "A=ü=1", "?"], result.OutputText.Split('\n').Where(line => line.Length is > 0 and < 3 || line.StartsWith("A=", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Given_descriptors_are_found_in_their_place()
    {
        using var content = Descriptors.MemoryFile("x", "hello"u8);

        var result = await ChildProcess.RunAsync(Shell("cat <&3") with { Descriptors = [content] }, None);

        Assert.Equal("hello", result.OutputText);
    }

    [Fact]
    public async Task Arguments_arrive_byte_for_byte()
    {
        var result = await ChildProcess.RunAsync(new ChildCommand("/usr/bin/printf", ["%s|", "a b", "\n'\"$x", "\uDCFF", ""]), None);

        Assert.Equal("a b|\n'\"$x|"u8.ToArray().Concat(new byte[] { 0xff }).Concat("||"u8.ToArray()), result.Output);
    }

    [Fact]
    public async Task Signals_are_at_their_defaults_in_the_child()
    {
        // The runtime ignores SIGPIPE; a child that inherits that writes into broken pipes for ever.
        var result = await ChildProcess.RunAsync(Shell("grep -E 'SigIgn|SigBlk' /proc/self/status"), None);

        // 32 and 33 are the C library's own.
        Assert.Equal("SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n", result.OutputText.Replace("180000000", "000000000", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/no/such/program", "/")]
    [InlineData("/bin/sh", "/no/such/folder")]
    [InlineData("/etc/passwd", "/")]
    public async Task What_can_not_start_says_what_and_where(string program, string folder)
    {
        var failure = await Assert.ThrowsAsync<ProcessStartException>(() => ChildProcess.RunAsync(new ChildCommand(program, []) { Folder = folder }, None));

        Assert.Contains(program, failure.Message, StringComparison.Ordinal);
        Assert.Contains(folder, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_NUL_in_an_argument_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => ChildProcess.RunAsync(Shell("echo a\0b"), None));
    }

    [Fact]
    public async Task Many_at_once_each_get_their_own_output()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => ChildProcess.RunAsync(Shell($"echo {i}; echo {i} >&2"), None)));

        Assert.All(results.Select((result, i) => (result, i)), pair => Assert.Equal($"{pair.i}\n{pair.i}\n", pair.result.OutputText + Encoding.UTF8.GetString(pair.result.Error)));
    }
}
