using System.Diagnostics;
using TarsEngine.Processes;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Tests.Processes;

namespace TarsEngine.Tests.Sandbox;

/// <summary>Commands that take all they can get. Each ends within its limit plus two seconds, says why, and the host goes on answering.</summary>
public sealed class ResourceBombTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const long Megabyte = 1 << 20;

    // A limit that is met at once has no time of its own; the shared machine gets some for starting up.
    private static readonly TimeSpan allowance = TimeSpan.FromSeconds(2);

    private static readonly SandboxLimits small = new()
    {
        Processes = 64, MemoryBytes = 128 * Megabyte, WorkspaceBytes = 128 * Megabyte, WorkspaceFiles = 2000, TemporaryBytes = 64 * Megabyte,
        FileBytes = 96 * Megabyte, OutputBytes = 32 * Megabyte,
    };

    private static CancellationToken None => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("forks", "f() { f | f & }; f; f; sleep 60", SandboxLimit.Processes)]
    [InlineData("forks that ignore the request to end", "trap '' TERM; f() { f | f & }; (f; f) & while :; do :; done", SandboxLimit.Time)]
    [InlineData("memory", "exec /usr/bin/python3 -c 'a=[]\nwhile 1: a.append(bytearray(1<<22))'", SandboxLimit.Memory)]
    [InlineData("memory of many processes", "for i in 1 2 3 4 5 6; do /usr/bin/python3 -c 'a=bytearray(40<<20); import time; time.sleep(60)' & done; wait; exit 1", SandboxLimit.Memory)]
    [InlineData("disk", "i=0; while :; do i=$((i+1)); head -c 16000000 /dev/zero > f$i; done", SandboxLimit.Disk)]
    [InlineData("disk by a file without a name", "exec 5>f; rm f; i=0; while :; do head -c 16000000 /dev/zero; i=$((i+1)); [ $i -lt 5 ] || { exec 5>g$i; rm g$i; i=0; exec 6>&5; eval \"exec 7>&5\"; exec /usr/bin/python3 -c 'import os\nk=[]\nwhile 1:\n f=open(\"h\",\"wb\"); os.unlink(\"h\"); f.write(bytes(16<<20)); f.flush(); k.append(f)'; }; done >&5", SandboxLimit.Disk)]
    [InlineData("files without content", "i=0; while :; do i=$((i+1)); mkdir d$i; : > d$i/a; : > d$i/b; : > d$i/c; done", SandboxLimit.Disk)]
    [InlineData("one file", "exec head -c 4000000000 /dev/zero > f", SandboxLimit.FileSize)]
    [InlineData("/tmp", "i=0; while :; do i=$((i+1)); head -c 16000000 /dev/zero > /tmp/f$i || { sleep 0.3; exit 1; }; done", SandboxLimit.Temporary)]
    [InlineData("output", "exec yes", SandboxLimit.Output)]
    [InlineData("output without a line end", "exec cat /dev/zero", SandboxLimit.Output)]
    [InlineData("output on stderr", "exec yes >&2", SandboxLimit.Output)]
    [InlineData("a hang", "sleep 1000", SandboxLimit.Time)]
    [InlineData("a hang that ignores the request to end", "trap '' TERM HUP INT; while :; do sleep 1000; done", SandboxLimit.Time)]
    [InlineData("a pipe held open by a daemon", "setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 1000; done' & exec sleep 1000", SandboxLimit.Time)]
    [InlineData("a daemon that outlives its command", "setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 1000; done' & exit 0", SandboxLimit.None)]
    public async Task A_bomb_ends_at_its_limit_and_the_host_stays_responsive(string what, string script, SandboxLimit limit)
    {
        var status = await sandbox.Environment.CheckAsync();
        Assert.True(status.Available, status.Reason);
        var time = TimeSpan.FromSeconds(limit is SandboxLimit.Time or SandboxLimit.Processes ? 1 : 20);
        using var workspace = sandbox.Create();
        var command = new SandboxCommand(["/bin/sh", "-c", script, what], "", time, new Dictionary<string, string>()) { Limits = small, Grace = TimeSpan.FromSeconds(0.5) };
        using var ended = new CancellationTokenSource();
        var host = WorstAnswerAsync(ended.Token);

        var clock = Stopwatch.StartNew();
        var result = await new TerminalExecutor(sandbox.Environment, sandbox.State, new() { LogBytes = Megabyte }).RunAsync(workspace, command, cancellation: None);
        var took = clock.Elapsed;
        await ended.CancelAsync();

        // A shell that can't fork may give up at once, or go on until its time is up.
        Assert.Contains(result.LimitReached, limit == SandboxLimit.Processes ? [SandboxLimit.Processes, SandboxLimit.Time] : new[] { limit });
        Assert.True(limit == SandboxLimit.None ? result.Succeeded : !result.Succeeded, result.Ending);
        Assert.NotEqual($"exit code {result.ExitCode}", limit == SandboxLimit.None ? "" : result.Ending);
        Assert.True(result.LimitReached != SandboxLimit.Time || took < time + allowance, $"{what} took {took}");
        Assert.True(took < TimeSpan.FromSeconds(20), $"{what} took {took}: its own limit did not end it.");
        Assert.InRange(await host, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.Empty(ProcessTable.Having(sandbox.State.Root));
    }

    [Fact]
    public async Task What_was_there_before_does_not_count_as_written()
    {
        using var workspace = sandbox.Create(("a", "a"));
        await File.WriteAllBytesAsync(workspace.Folder + "/old", new byte[200 * Megabyte], None);
        await Task.Delay(20, None);
        var (result, _) = await sandbox.RunAsync(workspace, SandboxFixture.Shell("head -c 90000000 /dev/zero > new; sleep 0.3; rm new; head -c 90000000 /dev/zero > new; sleep 0.3") with { Limits = small });

        Assert.Equal((0, SandboxLimit.None), (result.ExitCode, result.LimitReached));
    }

    [Fact]
    public async Task Memory_is_watched_where_no_control_group_can_be_made()
    {
        var noGroups = new SafeExecutionEnvironment(sandbox.Paths) { Seams = new() { WithoutControlGroups = true } };
        using var workspace = sandbox.Create();
        var command = SandboxFixture.Shell("exec /usr/bin/python3 -c 'import time\na=[]\nwhile 1: a.append(bytearray(1<<22)); time.sleep(0.002)'") with { Limits = small };

        var result = await noGroups.RunAsync(workspace, command, _ => { }, _ => { }, None);

        Assert.Equal((SandboxLimit.Memory, 9), (result.LimitReached, result.Signal));
        Assert.Contains(await noGroups.CheckAsync() is { } status ? status.Protections : [], line => line.StartsWith("memory", StringComparison.Ordinal));
    }

    /// <summary>Starts a program on the host again and again; the longest that one took.</summary>
    private static async Task<TimeSpan> WorstAnswerAsync(CancellationToken ended)
    {
        var worst = TimeSpan.Zero;
        while (!ended.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            Assert.Equal(0, (await ChildProcess.RunAsync(new("/bin/true", []), None)).ExitCode);
            if (clock.Elapsed > worst) worst = clock.Elapsed;
            await Task.Delay(20, None);
        }
        return worst;
    }
}
