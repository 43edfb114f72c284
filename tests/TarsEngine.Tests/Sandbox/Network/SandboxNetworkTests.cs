using System.Collections.Concurrent;
using TarsEngine.Processes;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>The network as a command in the sandbox finds it.</summary>
public sealed class SandboxNetworkTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private readonly ConcurrentQueue<SandboxConnection> told = [];

    [Fact]
    public async Task Without_a_network_there_is_no_proxy_and_no_variable()
    {
        var (result, text) = await sandbox.ShellAsync("env | grep -i proxy; curl -s -m 5 http://127.0.0.1:29070/; echo $?");
        Assert.True(result.Succeeded);
        Assert.Equal("7", text);
    }

    [Fact]
    public async Task Curl_reaches_an_allowed_host_and_no_other()
    {
        await using var server = TestServer.Start("hello\n", address: "127.0.0.2");
        await using var other = TestServer.Start("other\n", address: "127.0.0.3");

        var text = await RunAsync($"curl -sS http://127.0.0.2:{server.Port}/; curl -sS http://127.0.0.3:{other.Port}/; curl -sS -p http://127.0.0.2:{server.Port}/; curl -sS -p http://127.0.0.3:{other.Port}/ || echo refused",
            $"127.0.0.2:{server.Port}");

        Assert.Contains($"hello\ntarscli: No rule allows the host '127.0.0.3:{other.Port}'.\nhello\n", text, StringComparison.Ordinal);
        Assert.EndsWith("refused", text, StringComparison.Ordinal);
        Assert.Empty(other.Requests);
        Assert.Equal(2, told.Count(one => one.Outcome == ConnectionOutcome.Opened));
        Assert.Equal(2, told.Count(one => one.Outcome == ConnectionOutcome.Refused));
    }

    [Theory]
    [InlineData("git ls-remote http://127.0.0.2:{0}/x.git", "GET /x.git/info/refs")]
    [InlineData("/usr/bin/python3 -c 'import urllib.request; urllib.request.urlopen(\"http://127.0.0.2:{0}/y\")'", "GET /y")]
    [InlineData("npm view --fetch-retries=0 --registry=http://127.0.0.2:{0}/ z", "GET /z")]
    public async Task Usual_tools_find_the_proxy_by_themselves(string script, string request)
    {
        await using var server = TestServer.Start("{}", address: "127.0.0.2");

        await RunAsync(script.Replace("{0}", $"{server.Port}", StringComparison.Ordinal), $"127.0.0.2:{server.Port}");

        Assert.Contains(server.Requests, one => one.StartsWith(request, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_but_the_proxy_leads_out()
    {
        await using var server = TestServer.Start("hello", address: "127.0.0.2");

        var text = await RunAsync($"""
            curl -sS -m 5 --noproxy '*' http://127.0.0.2:{server.Port}/
            curl -sS -m 5 --noproxy '*' http://1.1.1.1/
            cat /proc/net/dev | tail -n +3 | cut -d: -f1
            ls /run /proc/net/unix
            """, $"127.0.0.2:{server.Port}");

        Assert.DoesNotContain("hello", text, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Contains("\n    lo\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_of_ours_is_visible_inside()
    {
        var text = await RunAsync("cat /proc/[0-9]*/cmdline | tr '\\0' ' '; ls -l /proc/self/fd", "127.0.0.2:1");
        Assert.DoesNotContain("TarsListener", text, StringComparison.Ordinal);
        Assert.DoesNotContain("nsenter", text, StringComparison.Ordinal);
        // Positive control: it is seen where it runs.
        Assert.Contains("/bin/sh", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_is_over_leaves_no_process_and_no_listener()
    {
        await RunAsync("(sleep 1000 &); true", "127.0.0.2:1");
        var processes = await ChildProcess.RunAsync(new("/bin/sh", ["-c", "cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'TarsListener.dll 2907'"])
        {
            Environment = new Dictionary<string, string> { ["PATH"] = "/usr/bin:/bin" },
        }, TestContext.Current.CancellationToken);
        // The shell that looks names it itself.
        Assert.Equal("1", processes.OutputText.Trim());
    }

    [Fact]
    public async Task A_network_that_can_not_be_opened_means_that_nothing_runs()
    {
        var without = new SafeExecutionEnvironment(sandbox.Paths with { Nsenter = null });
        using var workspace = sandbox.Create();
        var command = SandboxFixture.Shell("echo ran") with { Network = TestProxy.Access(["127.0.0.2:1"]) };

        var failure = await Assert.ThrowsAsync<SandboxUnavailableException>(() => without.RunAsync(workspace, command, _ => { }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("nsenter", failure.Reason, StringComparison.Ordinal);

        var broken = new SafeExecutionEnvironment(sandbox.Paths with { Nsenter = "/bin/false" });
        failure = await Assert.ThrowsAsync<SandboxUnavailableException>(() => broken.RunAsync(workspace, command, _ => { }, _ => { }, TestContext.Current.CancellationToken));
        Assert.Contains("could not be opened", failure.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_flood_from_inside_ends_with_the_command()
    {
        await using var server = TestServer.Start("hello", address: "127.0.0.2");
        // 10,000 connections that are opened and dropped, then one in earnest.
        var text = await RunAsync($"""
            python3 - <<'X'
            import socket
            held = []
            for i in range(10000):
                s = socket.socket(); s.setblocking(False)
                try: s.connect(("127.0.0.1", 29070))
                except OSError: pass
                held.append(s)
                if len(held) > 600: held.pop(0).close()
            X
            curl -sS http://127.0.0.2:{server.Port}/
            """, $"127.0.0.2:{server.Port}");
        Assert.EndsWith("hello", text, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(string script, params string[] rules)
    {
        using var workspace = sandbox.Create();
        var command = SandboxFixture.Shell(script) with { Network = TestProxy.Access(rules), OnConnection = told.Enqueue };
        return (await sandbox.RunAsync(workspace, command)).Text;
    }
}
