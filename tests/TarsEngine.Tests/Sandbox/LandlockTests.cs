using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TarsEngine.Configuration;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Landlock;
using TarsEngine.Tests.Processes;

namespace TarsEngine.Tests.Sandbox;

/// <summary>The weaker fallback, as on a host where bubblewrap is missing and the user's configuration allows it.</summary>
public sealed class LandlockTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly SafeExecutionEnvironment confined = new(sandbox.Paths with { Bubblewrap = null }) { Fallback = () => SandboxFallback.Landlock };
    private readonly MemoryStream said = new();

    private string Text => System.Text.Encoding.UTF8.GetString(said.ToArray()).Trim();

    [Fact]
    public async Task It_is_used_only_where_the_user_allows_it_and_bubblewrap_can_not_work()
    {
        var refused = await new SafeExecutionEnvironment(sandbox.Paths with { Bubblewrap = null }).CheckAsync();
        var allowed = await confined.CheckAsync();
        var needless = await new SafeExecutionEnvironment(sandbox.Paths) { Fallback = () => SandboxFallback.Landlock }.CheckAsync();

        Assert.False(refused.Available);
        Assert.Contains("weaker", allowed.Backend, StringComparison.Ordinal);
        Assert.Contains(allowed.Gaps, gap => gap.Contains("UDP", StringComparison.Ordinal));
        Assert.StartsWith("bubblewrap", needless.Backend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_command_works_on_its_workspace_and_what_it_did_is_read_from_the_disk(bool layered)
    {
        var tree = sandbox.Tree(("a.txt", "a"), ("b.txt", "b"));
        using var workspace = sandbox.Create(tree, layered);

        var result = await RunAsync(workspace, "cat a.txt; echo new > a.txt; rm b.txt; mkdir d; echo x > /codebase/d/made; echo temporary > \"$TMPDIR/t\" && cat \"$TMPDIR/t\"; echo $HOME");

        Assert.True(result.ExitCode == 0, Text);
        Assert.StartsWith("atemporary\n/tmp/tars-", Text, StringComparison.Ordinal);
        var changes = workspace.ReadChanges(sandbox.Objects).Changes;
        Assert.Equal(["a.txt", "b.txt", "d/made"], changes.Select(change => change.Path.Value));
        Assert.DoesNotContain(Directory.GetDirectories("/tmp", OwnerMark.Pattern), folder => OwnerMark.IsLeft(Path.GetFileName(folder)));
    }

    [Fact]
    public async Task Attack_it_reaches_no_file_outside_no_port_and_no_process()
    {
        var secret = Path.Combine(sandbox.Outside, "secret");
        await File.WriteAllTextAsync(secret, "secret", TestContext.Current.CancellationToken);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var target = System.Diagnostics.Process.Start("/bin/sleep", "60");
        var attempts = new[]
        {
            $"cat {secret}", $"echo x > {secret}", $"echo x > {sandbox.Outside}/new", $"ls {sandbox.State.Root}", $"rm {secret}", $"mv {secret} .", $"ln {secret} .", $"ln -s {secret} link && cat link",
            "cat /etc/shadow", "ls /root", "echo x > /tmp/outside", $"cat /proc/{target.Id}/mem", $"readlink /proc/{target.Id}/exe", $"kill {target.Id}", "mount -t tmpfs none .", "unshare -Ur true",
            $"python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {port}), 5)'", "python3 -c 'import socket; s = socket.socket(); s.bind((\"127.0.0.1\", 0))'",
        };
        using var workspace = sandbox.Create();

        // Each line of the answer is an attempt that worked; the last one proves that all were tried.
        var result = await RunAsync(workspace, string.Join('\n', attempts.Select((attempt, number) => string.Create(CultureInfo.InvariantCulture, $"({attempt}) >/dev/null 2>&1 && echo 'worked: {number}'"))) + "\necho tried");

        Assert.Equal(("tried", 0), (Text, result.ExitCode));
        Assert.Equal("secret", await File.ReadAllTextAsync(secret, TestContext.Current.CancellationToken));
        Assert.True(LandlockRules.HoldsSignals);
        Assert.False(target.HasExited);
        target.Kill();
    }

    [Fact]
    public async Task A_daemon_does_not_outlive_its_command()
    {
        var token = "6" + Random.Shared.Next(100_000, 999_999).ToString(CultureInfo.InvariantCulture);
        using var workspace = sandbox.Create();

        await RunAsync(workspace, $"(setsid env -i sh -c 'trap \"\" TERM HUP; sleep {token}' &) ; (sleep {token} &) ; sleep 0.2");

        Assert.Empty(ProcessTable.Having($"sleep\0{token}"));
    }

    [Fact]
    public async Task Limits_signals_and_exit_codes_are_told_as_ever()
    {
        using var workspace = sandbox.Create();

        Assert.Equal(7, (await RunAsync(workspace, "exit 7")).ExitCode);
        Assert.Equal(9, (await RunAsync(workspace, "kill -9 $$")).Signal);
        Assert.Equal(SandboxLimit.Time, (await RunAsync(workspace, "sleep 60", seconds: 1)).LimitReached);
        Assert.Equal(SandboxLimit.Memory, (await RunAsync(workspace, "python3 -c 'x = b\"x\" * (1 << 30)'", limits: new() { MemoryBytes = 64 << 20 })).LimitReached);
        Assert.Equal(SandboxLimit.Disk, (await RunAsync(workspace, "head -c 200000000 /dev/zero > big; sleep 5", limits: new() { WorkspaceBytes = 10 << 20 })).LimitReached);
    }

    [Fact]
    public async Task A_network_is_refused_because_it_can_not_be_held()
    {
        using var workspace = sandbox.Create();
        var command = SandboxFixture.Shell("true") with { Network = new([new("example.org", 443, Decision.Allow, new(RuleAuthor.User))]) };

        var failure = await Assert.ThrowsAsync<SandboxUnavailableException>(() => confined.RunAsync(workspace, command, said.Write, said.Write, TestContext.Current.CancellationToken));

        Assert.Contains("network", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dotnet_builds_in_it()
    {
        var tree = sandbox.Tree(
            ("a.csproj", "<Project Sdk=\"Microsoft.NET.Sdk\"><PropertyGroup><TargetFramework>net10.0</TargetFramework><OutputType>Exe</OutputType></PropertyGroup></Project>"),
            ("Program.cs", "System.Console.WriteLine(\"built and run\");"));
        using var workspace = sandbox.Create(tree);

        var result = await RunAsync(workspace, "dotnet build --nologo -v q -m && dotnet bin/Debug/net10.0/a.dll", seconds: 180);

        Assert.True(result.ExitCode == 0, Text);
        Assert.EndsWith("built and run", Text, StringComparison.Ordinal);
    }

    private async Task<SandboxResult> RunAsync(Workspace workspace, string script, int seconds = 60, SandboxLimits? limits = null)
    {
        var command = SandboxFixture.Shell(script, seconds) with { Limits = limits ?? new() };
        return await confined.RunAsync(workspace, command, said.Write, said.Write, TestContext.Current.CancellationToken);
    }
}
