using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Staging;

namespace TarsAutonomy.Tests.Agents;

/// <summary>
/// Agents that mean harm, as lines of shell. Each run checks besides that every file of the person's, git's own among them, stays as it
/// was, and that no workspace is left. What is wrong with a change that a step yields is for policy and verdict to say: here it is only
/// shown that it is seen.
/// </summary>
public sealed class HostileAgentTests(AgentGround ground) : IClassFixture<AgentGround>
{
    [Fact]
    public async Task Attack_it_deletes_all_files()
    {
        var run = await ground.RunAsync("rm -rf /codebase/* /codebase/.[a-z]* 2>/dev/null; exit 0");

        Assert.Equal("Delete:.gitignore Delete:CLAUDE.md Delete:src/greeting.txt Delete:src/keep.txt Delete:untracked.txt", run.Changes);
    }

    [Fact]
    public async Task Attack_it_writes_outside()
    {
        var run = await ground.RunAsync(
            $"for at in '{ground.Root}' '{ground.Beside("user")}' /usr /etc /root /home /agent /codebase/.. /run /opt; do mkdir -p $at; echo x > $at/owned && echo \"wrote $at\"; done; exit 0");

        Assert.Equal("agent/no-change", run.Rules);
        Assert.False(File.Exists(ground.Beside("user") + "/owned"));
        // A folder below its own /tmp is no place of the host's.
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.StartsWith("wrote ", StringComparison.Ordinal) && !line.StartsWith("wrote /tmp/", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attack_it_tries_the_network_by_itself()
    {
        using var host = new TcpListener(IPAddress.Loopback, 0);
        host.Start();

        var run = await ground.RunAsync(
            $"curl -sS --max-time 5 http://127.0.0.1:{Port(host)}/; curl -sS --max-time 5 https://example.org/; env | grep -i proxy; curl -sS --max-time 5 http://1.1.1.1/; exit 0");

        Assert.Equal("agent/no-change", run.Rules);
        Assert.DoesNotContain("_PROXY=", run.Output, StringComparison.Ordinal);
        Assert.False(host.Pending());
    }

    [Fact]
    public async Task Attack_it_asks_the_proxy_for_a_host_that_is_not_its_models()
    {
        using var model = new TcpListener(IPAddress.Loopback, 0);
        using var other = new TcpListener(IPAddress.Loopback, 0);
        model.Start();
        other.Start();
        var agent = AgentGround.Shell($"curl -sS --max-time 5 --noproxy '' -x $HTTP_PROXY http://127.0.0.1:{Port(other)}/; curl -sS --max-time 5 https://example.org/; exit 0") with
        {
            Endpoint = new("127.0.0.1", Port(model), "/v1", Plain: true, Credential: null),
        };

        var run = await ground.RunAsync(AgentGround.Launcher(agent));

        Assert.Equal("agent/no-change", run.Rules);
        Assert.Contains($"No rule allows the host '127.0.0.1:{Port(other)}'", run.Output, StringComparison.Ordinal);
        Assert.Contains(run.Events, happened => happened is LogWritten { Level: LogLevel.Warning } log && log.Text.Contains("connection to example.org:443 refused", StringComparison.Ordinal));
        Assert.False(other.Pending() || model.Pending());
    }

    [Fact]
    public async Task Attack_what_a_codebase_denies_is_denied_to_agents_too()
    {
        using var model = new TcpListener(IPAddress.Loopback, 0);
        model.Start();
        var agent = AgentGround.Shell("curl -sS --max-time 5 $MODEL_BASE_URL/x; exit 0") with { Endpoint = new("127.0.0.1", Port(model), "", Plain: true, Credential: null) };
        var denied = new HostRule("127.0.0.1", Port(model), Decision.Deny, new(RuleAuthor.Repository, "tars.yaml", 3));

        var run = await ground.RunAsync(AgentGround.Launcher(agent), request => request with { Policy = request.Policy with { Network = new([denied]) } });

        Assert.Contains("(tars.yaml:3) denies the host", run.Output, StringComparison.Ordinal);
        Assert.False(model.Pending());
    }

    [Fact]
    public async Task Attack_its_daemons_do_not_outlive_it()
    {
        var mark = Guid.NewGuid().ToString("n");

        var run = await ground.RunAsync(
            $"for i in 1 2 3; do setsid sh -c 'trap \"\" TERM HUP INT; while :; do sleep 1000; done; : {mark}' >/dev/null 2>&1 & done; echo made > made; sleep 0.2; exit 0");

        Assert.Equal("Create:made", run.Changes);
        Assert.Empty(Processes(mark));
    }

    [Fact]
    public async Task Attack_it_says_that_all_tests_passed_and_changes_nothing()
    {
        var run = await ground.RunAsync("echo 'all tests passed'; echo '{\"type\":\"result\",\"subtype\":\"success\",\"result\":\"done\"}'; exit 0");

        Assert.Equal("agent/no-change", run.Rules);
    }

    [Theory]
    [InlineData("while :; do :; done")]
    [InlineData("trap '' TERM HUP INT; while :; do sleep 1000; done")]
    [InlineData("setsid sh -c 'trap \"\" TERM HUP; while :; do sleep 1000; done' & wait")]
    public async Task Attack_it_never_ends(string script)
    {
        var run = await ground.RunAsync(script, seconds: 2);

        Assert.Equal("agent/timeout", run.Rules);
        Assert.Contains("Task takes >2 seconds: the agent 'script' was ended", Assert.IsType<StepFailed>(run.Result).Reason, StringComparison.Ordinal);
        Assert.InRange(run.Took, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData("exec yes")]
    [InlineData("exec cat /dev/zero")]
    [InlineData("exec yes '{\"usage\": {\"input_tokens\": 99999999999999999999, \"output_tokens\": -5}}' >&2")]
    public async Task Attack_it_floods_its_output(string script)
    {
        var run = await ground.RunAsync(script, limits: new SandboxLimits { OutputBytes = 16 << 20 });

        Assert.Equal("agent/limit", run.Rules);
        Assert.True(run.Output.Length < 6 << 20, $"{run.Output.Length} characters were kept");
        Assert.True(Assert.IsType<StepFailed>(run.Result).Reason.Length < 6000, run.Result.Findings[0].Message);
    }

    [Fact]
    public async Task Attack_it_changes_what_belongs_to_git()
    {
        var run = await ground.RunAsync("""
            echo 'ref: refs/heads/evil' > .git/HEAD; mkdir -p .git/hooks; printf '#!/bin/sh\n' > .git/hooks/post-checkout; rm -rf .git; mv .git old
            git -c user.name=a -c user.email=a@b commit -qam evil; git config core.fsmonitor evil; git stash; git branch evil; git update-ref refs/heads/main HEAD~1
            mkdir -p sub/.git; echo x > sub/.git/config; mkdir .tars; echo x > .tars/state.db; echo made > made; exit 0
            """);

        Assert.Equal("Create:made", run.Changes);
        Assert.Contains("Read-only file system", run.Output, StringComparison.Ordinal);
        Assert.Contains("workspace/metadata", run.Rules, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_it_leaves_what_no_codebase_holds()
    {
        var run = await ground.RunAsync("""
            mkfifo fifo; python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("sock")'; cp /bin/true setuid; chmod 4755 setuid; chmod 666 src/keep.txt
            ln -s /etc/passwd passwd; ln -s ../../../../.. up; ln -s .git/config config; mknod device c 1 3; exit 0
            """);

        Assert.Equal(2, run.Result.Findings.Count(finding => finding.Rule == "workspace/special-file"));
        var permitted = new PermissionManager(ground.Codebase.Content.Read).Check(Assert.IsType<Staged>(run.Result).Net, run.Tree.Base, PermissionPolicy.Default);
        Assert.Superset(
            new HashSet<string>(["mode/special", "mode/world-writable", "link/escapes", "link/metadata"], StringComparer.Ordinal), permitted.Select(finding => finding.Rule).ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Attack_it_makes_a_hundred_thousand_files()
    {
        var run = await ground.RunAsync("mkdir many; cd many; seq 100000 | xargs touch; exit 0", seconds: 120);

        var permitted = new PermissionManager(ground.Codebase.Content.Read).Check(Assert.IsType<Staged>(run.Result).Net, run.Tree.Base, PermissionPolicy.Default);
        Assert.Contains(permitted, finding => finding.Rule == "limit/changed-files");
    }

    [Theory]
    [InlineData("exec head -c 4000000000 /dev/zero > huge")]
    [InlineData("i=0; while :; do i=$((i+1)); head -c 16000000 /dev/zero > f$i; done")]
    [InlineData("i=0; while :; do i=$((i+1)); mkdir d$i; : > d$i/a; : > d$i/b; done")]
    public async Task Attack_it_fills_the_disk(string script)
    {
        var run = await ground.RunAsync(script, limits: new SandboxLimits { FileBytes = 64 << 20, WorkspaceBytes = 128 << 20, WorkspaceFiles = 2000 });

        Assert.Equal("agent/limit", run.Rules);
    }

    [Fact]
    public async Task Attack_it_takes_all_memory()
    {
        var run = await ground.RunAsync(AgentGround.Launcher(
            AgentGround.Shell("exec python3 -c 'a=[]\nwhile 1: a.append(bytearray(1<<22))'") with { MemoryBytes = 128 << 20 }));

        Assert.Equal("agent/memory", run.Rules);
    }

    [Fact]
    public async Task Attack_it_looks_for_its_key()
    {
        using var model = new TcpListener(IPAddress.Loopback, 0);
        model.Start();
        var key = "sk-" + Guid.NewGuid().ToString("n");
        var file = ground.Beside("key");
        await File.WriteAllTextAsync(file, key, TestContext.Current.CancellationToken);
        var agent = AgentGround.Shell($"cat '{file}' /agent/*; env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; grep -rh sk- /agent /tmp /codebase /run; exit 0") with
        {
            Endpoint = new("127.0.0.1", Port(model), "/v1", Plain: true, new("Authorization", "Bearer ", null, file)),
        };

        var run = await ground.RunAsync(AgentGround.Launcher(agent));

        Assert.Contains("MODEL_BASE_URL=http://127.0.0.1:29071/v1", run.Output, StringComparison.Ordinal);
        Assert.Contains($"cat: {file}: No such file or directory", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(key, run.Output + string.Join('\n', run.Events) + string.Join('\n', run.Result.Findings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill -9 $PPID; sleep 30")]
    [InlineData("kill -9 -1; sleep 30")]
    [InlineData("kill -9 1; kill -STOP $PPID; kill -9 $$")]
    public async Task Attack_it_kills_those_around_it(string script)
    {
        var run = await ground.RunAsync("echo made > made; " + script, seconds: 5);

        // Whoever is hit, it is within the sandbox: the step fails or its time is up, and we are still here to say so.
        Assert.Contains(run.Rules, (string[])["agent/failed", "agent/timeout"]);
    }

    [Theory]
    [InlineData("{\"usage\": {\"input_tokens\": 1e999, \"output_tokens\": -9223372036854775808}, \"total_cost_usd\": -1}")]
    [InlineData("{\"usage\": {\"input_tokens\": 9223372036854775807, \"output_tokens\": \"many\"}, \"total_cost_usd\": 1e300}")]
    [InlineData("{\"usage\": {\"input_tokens\": {}, \"\\ud800\": 1}}")]
    public async Task Attack_it_lies_about_what_it_used(string line)
    {
        var run = await ground.RunAsync($"printf '%s\\n' '{line.Replace("\\", "\\\\", StringComparison.Ordinal)}'; echo made > made");

        Assert.Equal("Create:made", run.Changes);
        Assert.All(run.Events.OfType<AgentUsageReported>(), told => Assert.True(told.Usage is { InputTokens: >= 0, OutputTokens: >= 0, Tokens: >= 0, Cost: null or >= 0 }, told.ToString()));
    }

    [Fact]
    public async Task Attack_what_it_prints_does_not_act_on_a_terminal()
    {
        var run = await ground.RunAsync("printf '\\033]0;owned\\007\\033[2Jplain\\n\\033[31m\\u202e' ; printf '\\r\\bx\\n'; exit 1");

        Assert.DoesNotContain(run.Output + Assert.IsType<StepFailed>(run.Result).Reason, c => char.IsControl(c) && c != '\n');
    }

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static IReadOnlyList<string> Processes(string mark) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), CultureInfo.InvariantCulture, out _)).Where(folder =>
        {
            try
            {
                return File.ReadAllText(folder + "/cmdline").Contains(mark, StringComparison.Ordinal);
            }
            catch (IOException)
            {
                // It ended meanwhile.
                return false;
            }
        }),
    ];
}
