using System.Net.Sockets;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>A host that itself sits behind a proxy.</summary>
public sealed class UpstreamProxyTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task Tunnels_and_plain_requests_go_through_it()
    {
        await using var server = TestServer.Start();
        var host = $"127.0.0.1:{server.Port}";
        await using var upstream = new TestProxy([host]);
        await using var proxy = new TestProxy([host], Behind(upstream.Port));

        Assert.EndsWith("hello", await proxy.TunnelAsync(host), StringComparison.Ordinal);
        Assert.EndsWith("hello", await proxy.GetAsync($"http://{host}/", host), StringComparison.Ordinal);

        Assert.Equal(2, upstream.Told.Count(one => one.Outcome == ConnectionOutcome.Opened));
        Assert.All(proxy.Told, one => Assert.Null(one.Address));
    }

    [Fact]
    public async Task It_gets_its_own_credential_and_the_server_does_not()
    {
        await using var upstream = TestServer.Start("answer");
        await using var proxy = new TestProxy(["8.8.8.8:80"], Behind(upstream.Port, "me:secret@"));

        Assert.EndsWith("answer", await proxy.SendAsync("GET http://8.8.8.8/x HTTP/1.1\r\nHost: 8.8.8.8\r\nProxy-Authorization: mine\r\n\r\n"), StringComparison.Ordinal);

        Assert.Equal("GET http://8.8.8.8/x HTTP/1.1\r\nHost: 8.8.8.8\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\nConnection: close\r\n\r\n", Assert.Single(upstream.Requests));
        Assert.DoesNotContain("secret", string.Concat(proxy.Told) + Behind(1, "me:secret@").Upstream.Http, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_only_it_knows_goes_to_it_and_one_that_leads_to_a_private_address_does_not()
    {
        await using var server = TestServer.Start();
        await using var upstream = new TestProxy([$"inner.test:{server.Port}", $"127.0.0.1:{server.Port}"], TestProxy.Resolving(("inner.test", ["127.0.0.1"])));
        await using var blind = new TestProxy([$"inner.test:{server.Port}"], Behind(upstream.Port) with { Resolve = (_, _) => throw new SocketException((int)SocketError.HostNotFound) });
        await using var seeing = new TestProxy([$"inner.test:{server.Port}"], Behind(upstream.Port) with { Resolve = TestProxy.Resolving(("inner.test", ["8.8.8.8 10.0.0.1"])).Resolve });

        Assert.EndsWith("hello", await blind.TunnelAsync($"inner.test:{server.Port}"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 ", await seeing.TunnelAsync($"inner.test:{server.Port}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_refuses_is_told_as_failed()
    {
        await using var upstream = new TestProxy(["other.test:443"]);
        await using var proxy = new TestProxy(["8.8.8.8:443"], Behind(upstream.Port));

        Assert.StartsWith("HTTP/1.1 502 ", await proxy.TunnelAsync("8.8.8.8:443"), StringComparison.Ordinal);
        Assert.Contains("403", Assert.Single(proxy.Told).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api.test", false)]
    [InlineData("a.inner.test", true)]
    [InlineData("inner.test", true)]
    [InlineData("xinner.test", false)]
    [InlineData("10.0.0.1", true)]
    public void Exceptions_are_reached_directly(string host, bool direct) => Assert.Equal(direct,
        UpstreamProxies.Read(new Dictionary<string, string> { ["HTTPS_PROXY"] = "proxy.test:3128", ["no_proxy"] = ".inner.test, 10.0.0.1" }).For(host, https: true) is null);

    [Theory]
    [InlineData("socks5://me:secret@proxy.test:1080")]
    [InlineData("https://proxy.test:443")]
    [InlineData("http://")]
    public async Task A_kind_that_is_not_supported_refuses_the_network_and_is_not_shown(string value)
    {
        var environment = new SafeExecutionEnvironment(sandbox.Paths) { Network = new() { Upstream = UpstreamProxies.Read(new Dictionary<string, string> { ["HTTPS_PROXY"] = value }) } };
        using var workspace = sandbox.Create();

        var failure = await Assert.ThrowsAsync<SandboxUnavailableException>(() => environment.RunAsync(
            workspace, SandboxFixture.Shell("true") with { Network = TestProxy.Access(["8.8.8.8:443"]) }, _ => { }, _ => { }, TestContext.Current.CancellationToken));

        Assert.Contains("https_proxy", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, (await environment.RunAsync(workspace, SandboxFixture.Shell("true"), _ => { }, _ => { }, TestContext.Current.CancellationToken)).ExitCode);
    }

    private static NetworkSettings Behind(int port, string user = "") => new()
    {
        Upstream = UpstreamProxies.Read(new Dictionary<string, string> { ["https_proxy"] = $"http://{user}127.0.0.1:{port}", ["http_proxy"] = $"http://{user}127.0.0.1:{port}/" }),
    };
}
