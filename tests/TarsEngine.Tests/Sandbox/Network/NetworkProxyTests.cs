using System.Net.Sockets;
using System.Text;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>Which connections the proxy makes, and what it tells of them. Each refusal is shown beside the same thing allowed.</summary>
public sealed class NetworkProxyTests
{
    [Fact]
    public async Task An_allowed_host_answers_through_a_tunnel_and_both_directions_are_counted()
    {
        await using var server = TestServer.Start("hello");
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"]);

        var answer = await proxy.TunnelAsync($"127.0.0.1:{server.Port}");

        Assert.StartsWith("HTTP/1.1 200 Connection established\r\n\r\nHTTP/1.1 200 OK", answer, StringComparison.Ordinal);
        Assert.EndsWith("hello", answer, StringComparison.Ordinal);
        await proxy.DisposeAsync();
        Assert.Collection(proxy.Told,
            opened => Assert.Equal((ConnectionOutcome.Opened, server.Port), (opened.Outcome, opened.Port)),
            closed => Assert.Equal(
                (ConnectionOutcome.Closed, ConnectionKind.Tunnel, "127.0.0.1", 27L, (long)TestServer.Ok("hello"u8.ToArray()).Length),
                (closed.Outcome, closed.Kind, closed.Host, closed.BytesSent, closed.BytesReceived)));
    }

    [Fact]
    public async Task An_allowed_host_answers_over_plain_http()
    {
        await using var server = TestServer.Start("hello");
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"]);

        var answer = await proxy.SendAsync(
            $"POST http://127.0.0.1:{server.Port}/a?b=c HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nContent-Length: 4\r\nConnection: keep-alive, X-Way\r\nX-Way: 1\r\nProxy-Authorization: x\r\nX-Kept: 2\r\n\r\nbody");

        Assert.EndsWith("hello", answer, StringComparison.Ordinal);
        Assert.Equal($"POST /a?b=c HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nX-Kept: 2\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbody", Assert.Single(server.Requests));
    }

    [Fact]
    public async Task A_body_in_chunks_arrives_whole()
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"]);

        await proxy.SendAsync($"PUT http://127.0.0.1:{server.Port}/ HTTP/1.1\r\nHost: 127.0.0.1:{server.Port}\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0A\r\n0123456789\r\n0\r\n\r\n");

        Assert.EndsWith("\r\n\r\n3\r\nabc\r\na\r\n0123456789\r\n0\r\n\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("api.test")]
    [InlineData("API.Test")]
    [InlineData("api.test.")]
    public async Task One_host_has_many_spellings(string spelling)
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"api.test:{server.Port}", $"127.0.0.1:{server.Port}"], TestProxy.Resolving(("api.test", ["127.0.0.1"])));

        Assert.Contains("hello", await proxy.TunnelAsync($"{spelling}:{server.Port}"), StringComparison.Ordinal);
        Assert.Contains("hello", await proxy.GetAsync($"HTTP://{spelling}:{server.Port}", $"{spelling}:{server.Port}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.api.test", true)]
    [InlineData("b.a.api.test", true)]
    [InlineData("api.test", false)]
    [InlineData("xapi.test", false)]
    [InlineData("a.api.test.evil", false)]
    public async Task A_wildcard_is_whole_labels_below(string host, bool allowed)
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"*.api.test:{server.Port}", $"127.0.0.1:{server.Port}"], TestProxy.Resolving((host, ["127.0.0.1"])));

        var answer = await proxy.TunnelAsync($"{host}:{server.Port}");

        if (allowed) Assert.Contains("hello", answer, StringComparison.Ordinal);
        else Assert.StartsWith("HTTP/1.1 403 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_no_rule_names_is_refused_with_the_reason_and_told_once_and_counted()
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy(["other.test:443"]);

        for (var i = 0; i < 20; i++)
            Assert.Contains($"No rule allows the host '127.0.0.1:{server.Port}'", await proxy.TunnelAsync($"127.0.0.1:{server.Port}"), StringComparison.Ordinal);

        Assert.Empty(server.Requests);
        await proxy.DisposeAsync();
        Assert.Equal([1, 19], proxy.Told.Select(one => one.Times));
        Assert.All(proxy.Told, one => Assert.Equal((ConnectionOutcome.Refused, "127.0.0.1"), (one.Outcome, one.Host)));
    }

    [Fact]
    public async Task A_port_that_no_rule_names_is_refused()
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port + 1}"]);
        Assert.StartsWith("HTTP/1.1 403 ", await proxy.TunnelAsync($"127.0.0.1:{server.Port}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_denied_address_is_refused_by_name_too()
    {
        await using var server = TestServer.Start();
        string[] rules = [$"api.test:{server.Port}", $"127.0.0.1:{server.Port}"];
        await using var with = new TestProxy([.. rules, $"!127.0.0.1:{server.Port}"], TestProxy.Resolving(("api.test", ["127.0.0.1"])));
        await using var without = new TestProxy(rules, TestProxy.Resolving(("api.test", ["127.0.0.1"])));

        Assert.StartsWith("HTTP/1.1 403 ", await with.TunnelAsync($"api.test:{server.Port}"), StringComparison.Ordinal);
        Assert.Contains("hello", await without.TunnelAsync($"api.test:{server.Port}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.31.0.1")]
    [InlineData("192.168.1.1")]
    [InlineData("169.254.169.254")]
    [InlineData("168.63.129.16")]
    [InlineData("100.100.100.200")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    public async Task Attack_a_name_that_leads_to_an_address_that_is_not_public(string address)
    {
        await using var proxy = new TestProxy(["api.test:443"], TestProxy.Resolving(("api.test", [address])));

        Assert.StartsWith("HTTP/1.1 403 ", await proxy.TunnelAsync("api.test:443"), StringComparison.Ordinal);

        Assert.Contains("is private or this host's own", Assert.Single(proxy.Told).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_an_address_of_this_host_itself_is_refused_though_it_may_be_public()
    {
        var own = System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(one => one.Address.ToString()).Where(text => !text.Contains('%', StringComparison.Ordinal)).Distinct();
        foreach (var address in own)
        {
            await using var proxy = new TestProxy(["api.test:443"], TestProxy.Resolving(("api.test", [address])));
            Assert.StartsWith("HTTP/1.1 403 ", await proxy.TunnelAsync("api.test:443"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Attack_a_name_that_resolves_differently_the_second_time()
    {
        await using var server = TestServer.Start("inner");
        // The first answer is what was checked and is what is connected to; the second one is never asked for within a connection.
        var rebinding = TestProxy.Resolving(("api.test", ["127.0.0.2", "127.0.0.1"]));
        await using var outer = TestServer.Start("outer", address: "127.0.0.2");
        await using var proxy = new TestProxy([$"api.test:{outer.Port}", $"127.0.0.2:{outer.Port}"], rebinding);

        Assert.Contains("outer", await proxy.TunnelAsync($"api.test:{outer.Port}"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 403 ", await proxy.TunnelAsync($"api.test:{outer.Port}"), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Of_several_addresses_only_allowed_ones_are_tried()
    {
        await using var server = TestServer.Start("outer", address: "127.0.0.2");
        await using var proxy = new TestProxy([$"api.test:{server.Port}", $"127.0.0.2:{server.Port}"], TestProxy.Resolving(("api.test", ["10.0.0.1 127.0.0.2"])));

        Assert.Contains("outer", await proxy.TunnelAsync($"api.test:{server.Port}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("127.1")]
    [InlineData("2130706433")]
    [InlineData("0x7f000001")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("017700000001")]
    [InlineData("127.0.0.01")]
    [InlineData("127.0.0.1.")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[0:0:0:0:0:ffff:7f00:0001]")]
    [InlineData("[::1%lo]")]
    [InlineData("::1")]
    [InlineData("localhost")]
    [InlineData("user@127.0.0.1")]
    [InlineData("other.test@127.0.0.1")]
    [InlineData("127.0.0.1#other.test")]
    [InlineData("127.0.0.1/")]
    [InlineData("ⓛocalhost")]
    [InlineData("")]
    public async Task Attack_every_notation_of_an_address_that_is_not_allowed(string host)
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"other.test:{server.Port}"], TestProxy.Resolving(("other.test", ["8.8.8.8"]), ("localhost", ["127.0.0.1"])));

        Assert.Matches("^HTTP/1.1 40[03] ", await proxy.TunnelAsync($"{host}:{server.Port}"));
        Assert.Matches("^HTTP/1.1 40[03] ", await proxy.GetAsync($"http://{host}:{server.Port}/", $"{host}:{server.Port}"));
        Assert.Empty(server.Requests);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("[::ffff:127.0.0.1]")]
    public async Task Notations_with_one_reading_work_where_the_address_is_allowed(string host)
    {
        await using var server = TestServer.Start();
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"]);
        Assert.Contains("hello", await proxy.TunnelAsync($"{host}:{server.Port}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_of_the_sixth_version_works_where_it_is_allowed()
    {
        await using var server = TestServer.Start(address: "::1");
        await using var proxy = new TestProxy([$"[::1]:{server.Port}"]);
        Assert.Contains("hello", await proxy.TunnelAsync($"[::1]:{server.Port}"), StringComparison.Ordinal);
        Assert.Contains("hello", await proxy.TunnelAsync($"[0:0:0:0:0:0:0:1]:{server.Port}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_is_told_as_failed()
    {
        var server = TestServer.Start();
        var port = server.Port;
        await server.DisposeAsync();
        await using var proxy = new TestProxy([$"127.0.0.1:{port}"]);

        Assert.StartsWith("HTTP/1.1 502 ", await proxy.TunnelAsync($"127.0.0.1:{port}"), StringComparison.Ordinal);
        Assert.Equal(ConnectionOutcome.Failed, Assert.Single(proxy.Told).Outcome);
    }

    [Fact]
    public async Task An_idle_tunnel_ends()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        silent.Listen();
        var port = ((System.Net.IPEndPoint)silent.LocalEndPoint!).Port;
        await using var proxy = new TestProxy([$"127.0.0.1:{port}"], new() { Limits = new() { IdleTime = TimeSpan.FromMilliseconds(300) } });

        Assert.Equal("HTTP/1.1 200 Connection established\r\n\r\n", await proxy.TunnelAsync($"127.0.0.1:{port}"));
        await proxy.DisposeAsync();
        Assert.Contains("nothing moved", proxy.Told.Last().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_body_comes_through_unchanged()
    {
        var body = new byte[20_000_000];
        new Random(1).NextBytes(body);
        await using var server = TestServer.Start(_ => TestServer.Ok(body));
        await using var proxy = new TestProxy([$"127.0.0.1:{server.Port}"]);

        var answer = await proxy.GetAsync($"http://127.0.0.1:{server.Port}/", $"127.0.0.1:{server.Port}");

        Assert.True(Encoding.Latin1.GetBytes(answer[^body.Length..]).AsSpan().SequenceEqual(body));
    }
}
