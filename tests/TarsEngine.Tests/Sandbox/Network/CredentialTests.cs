using System.Text;
using TarsEngine.Permissions;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>A host whose credential the host's side adds: what runs inside uses it and never holds it.</summary>
public sealed class CredentialTests(SandboxFixture sandbox) : IClassFixture<SandboxFixture>
{
    private const string Key = "sk-very-secret-value";
    private static readonly NetworkSettings settings = TestProxy.Resolving(("api.test", ["127.0.0.2"]), ("away.test", ["127.0.0.3"])) with { Trust = (_, certificate, _, _) => certificate?.Subject == "CN=api.test" };

    [Fact]
    public async Task The_header_is_added_on_the_way_and_replaces_the_clients_own()
    {
        await using var server = TestServer.Start("answer", encrypted: true, address: "127.0.0.2");
        await using var proxy = Proxy(server);

        var answer = await proxy.SendAsync(
            "POST /v1/chat?x=1 HTTP/1.1\r\nHost: 127.0.0.1:29071\r\nauthorization: Bearer mine\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi", proxy.RoutePort);

        Assert.EndsWith("answer", answer, StringComparison.Ordinal);
        Assert.Equal(
            $"POST /v1/chat?x=1 HTTP/1.1\r\nHost: api.test:{server.Port}\r\nContent-Type: text/plain\r\nAuthorization: Bearer {Key}\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi",
            Assert.Single(server.Requests));
        await proxy.DisposeAsync();
        Assert.All(proxy.Told, one => Assert.Equal((ConnectionKind.Credential, "api.test"), (one.Kind, one.Host)));
        Assert.DoesNotContain(Key, string.Concat(proxy.Told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tunnel_to_the_same_host_carries_no_credential()
    {
        await using var server = TestServer.Start(address: "127.0.0.2");
        await using var proxy = Proxy(server);

        await proxy.TunnelAsync($"api.test:{server.Port}");
        await proxy.GetAsync($"http://api.test:{server.Port}/", $"api.test:{server.Port}");

        Assert.Equal(2, server.Requests.Count);
        Assert.DoesNotContain(Key, string.Concat(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_redirect_to_another_host_does_not_carry_the_credential()
    {
        await using var away = TestServer.Start("away", address: "127.0.0.3");
        await using var server = TestServer.Start(
            _ => Encoding.ASCII.GetBytes($"HTTP/1.1 307 Away\r\nLocation: http://127.0.0.3:{away.Port}/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"), encrypted: true, address: "127.0.0.2");
        var route = Route(server);
        using var workspace = sandbox.Create();
        var told = new System.Collections.Concurrent.ConcurrentQueue<SandboxConnection>();
        var environment = new TarsEngine.Sandbox.SafeExecutionEnvironment(sandbox.Paths) { Network = settings };
        var command = SandboxFixture.Shell("curl -sSL -d body $API_BASE_URL/chat; env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'; set") with
        {
            Network = TestProxy.Access([$"api.test:{server.Port}", $"127.0.0.2:{server.Port}", $"127.0.0.3:{away.Port}"]),
            Credentials = [route],
            OnConnection = told.Enqueue,
        };
        var said = new MemoryStream();

        await environment.RunAsync(workspace, command, said.Write, said.Write, TestContext.Current.CancellationToken);

        var text = Encoding.UTF8.GetString(said.ToArray());
        Assert.StartsWith("away", text, StringComparison.Ordinal);
        Assert.Contains("API_BASE_URL=http://127.0.0.1:29071/v1", text, StringComparison.Ordinal);
        Assert.Contains($"Authorization: Bearer {Key}", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Single(away.Requests);
        Assert.DoesNotContain(Key, Assert.Single(away.Requests) + text + string.Concat(told) + route + command, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET https://away.test/ HTTP/1.1\r\nHost: away.test\r\n\r\n")]
    [InlineData("GET http://away.test/ HTTP/1.1\r\nHost: away.test\r\n\r\n")]
    [InlineData("CONNECT away.test:443 HTTP/1.1\r\nHost: away.test:443\r\n\r\n")]
    [InlineData("TRACE /v1 HTTP/1.1\r\nHost: x\r\n\r\n")]
    [InlineData("POST /v1 HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task Attack_the_credential_can_not_be_led_elsewhere_or_echoed(string request)
    {
        await using var server = TestServer.Start(encrypted: true, address: "127.0.0.2");
        await using var proxy = Proxy(server);

        Assert.StartsWith("HTTP/1.1 400 ", await proxy.SendAsync(request, proxy.RoutePort), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Attack_a_header_named_in_connection_does_not_take_the_credential_or_the_host_away()
    {
        await using var server = TestServer.Start(encrypted: true, address: "127.0.0.2");
        await using var proxy = Proxy(server);

        await proxy.SendAsync("GET /v1 HTTP/1.1\r\nHost: away.test\r\nConnection: Authorization, Host\r\n\r\n", proxy.RoutePort);

        Assert.StartsWith($"GET /v1 HTTP/1.1\r\nHost: api.test:{server.Port}\r\nAuthorization: Bearer {Key}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_server_that_can_not_prove_its_name_gets_nothing()
    {
        await using var server = TestServer.Start(encrypted: true, address: "127.0.0.2");
        await using var proxy = Proxy(server, settings with { Trust = null });

        Assert.StartsWith("HTTP/1.1 502 ", await proxy.SendAsync("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", proxy.RoutePort), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task A_credential_does_not_allow_its_host()
    {
        await using var server = TestServer.Start(encrypted: true, address: "127.0.0.2");
        await using var proxy = new TestProxy([$"127.0.0.2:{server.Port}"], settings, Route(server));

        Assert.StartsWith("HTTP/1.1 403 ", await proxy.SendAsync("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", proxy.RoutePort), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("KEY", null, "Bearer sk-1")]
    [InlineData(null, "key.txt", "Bearer sk-2")]
    public async Task A_credential_comes_from_the_users_environment_or_file(string? variable, string? file, string expected)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.File("key.txt"), "sk-2\n", TestContext.Current.CancellationToken);
        var rule = Rule(new("Authorization", "Bearer ", variable, file is null ? null : folder.File(file)));

        var route = Assert.Single(CredentialRoute.Of(new([rule]), new Dictionary<string, string> { ["KEY"] = "sk-1" }));

        Assert.Equal(expected, route.Value.Value);
        Assert.Equal(("OPENAI_BASE_URL", "api.test", 443, "/v1"), (route.Variable, route.Host, route.Port, route.BasePath));
        Assert.DoesNotContain("sk-", route.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ABSENT", null)]
    [InlineData("BAD", null)]
    [InlineData(null, "/nonexistent/key")]
    public void A_credential_that_can_not_be_used_is_named_and_not_shown(string? variable, string? file)
    {
        var failure = Assert.Throws<CredentialException>(() => CredentialRoute.Of(
            new([Rule(new("Authorization", "", variable, file))]), new Dictionary<string, string> { ["BAD"] = "sk-1\r\nX-Other: 1" }).ToList());
        Assert.Contains(variable ?? file!, failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_on_this_machine_gets_its_credential_without_TLS()
    {
        await using var server = TestServer.Start("answer");
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"], null, Plain("127.0.0.1", server.Port));

        Assert.EndsWith("answer", await proxy.SendAsync("GET /v1/models HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer mine\r\n\r\n", proxy.RoutePort), StringComparison.Ordinal);
        Assert.Equal($"GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nAuthorization: Bearer {Key}\r\nConnection: close\r\n\r\n", Assert.Single(server.Requests));
    }

    [Fact]
    public async Task A_program_on_this_machine_is_not_spoken_to_through_the_hosts_own_proxy()
    {
        await using var upstream = TestServer.Start();
        await using var server = TestServer.Start("answer");
        var behind = new NetworkSettings { Upstream = UpstreamProxies.Read(new Dictionary<string, string> { ["HTTP_PROXY"] = $"http://127.0.0.1:{upstream.Port}", ["HTTPS_PROXY"] = $"http://127.0.0.1:{upstream.Port}" }) };
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"], behind, Plain("127.0.0.1", server.Port));

        Assert.EndsWith("answer", await proxy.SendAsync("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", proxy.RoutePort), StringComparison.Ordinal);
        Assert.Empty(upstream.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::1]")]
    public async Task Attack_a_program_on_this_machine_that_the_user_did_not_name(string named)
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"{named}:{server.Port + (named == "127.0.0.1" ? 1 : 0)}"], null, Plain("127.0.0.1", server.Port));

        Assert.StartsWith("HTTP/1.1 403 ", await proxy.SendAsync("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", proxy.RoutePort), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("93.184.216.34")]
    [InlineData("127.0.0.1 10.1.2.3")]
    public async Task Attack_a_name_that_leads_off_the_machine_gets_no_credential_without_TLS(string addresses)
    {
        var names = TestProxy.Resolving(("localhost", [addresses]));
        await using var proxy = new TestProxy(["localhost:8080", "127.0.0.1:8080", "10.1.2.3:8080"], names, Plain("localhost", 8080));

        var answer = await proxy.SendAsync("GET /v1 HTTP/1.1\r\nHost: x\r\n\r\n", proxy.RoutePort);

        Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
        Assert.Contains("leads away from this machine", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_host_streams_passes_as_it_comes()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        var port = ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
        await using var proxy = new TestProxy([$"127.0.0.1:{port}"], null, Plain("127.0.0.1", port));
        using var client = await proxy.ConnectAsync(proxy.RoutePort);
        await client.SendAsync("POST /v1/responses HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var host = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);

        // Each piece is there before the next is sent: nothing waits for the answer's end.
        await host.SendAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\none\n\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.EndsWith("5\r\none\n\n\r\n", await TestProxy.ReadAsync(client, "one\n\n\r\n"), StringComparison.Ordinal);
        await host.SendAsync("5\r\ntwo\n\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        Assert.Equal("5\r\ntwo\n\n\r\n", await TestProxy.ReadAsync(client, "two\n\n\r\n"));
    }

    private static CredentialRoute Plain(string host, int port) => new("API_BASE_URL", host, port, "/v1", "Authorization", new("Bearer " + Key), Plain: true);

    private static HostRule Rule(HostCredential credential) =>
        new("api.test", 443, Decision.Allow, new(RuleAuthor.User, "config.yaml", 1), credential with { BaseUrlVariable = "OPENAI_BASE_URL", BasePath = "/v1" });

    private static CredentialRoute Route(TestServer server) => new("API_BASE_URL", "api.test", server.Port, "/v1", "Authorization", new("Bearer " + Key));

    private static TestProxy Proxy(TestServer server, NetworkSettings? other = null) =>
        new([$"api.test:{server.Port}", $"127.0.0.2:{server.Port}"], other ?? settings, Route(server));
}
