using System.Net.Sockets;
using System.Text;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>Clients that want two readers to understand different things, or to wear the host out.</summary>
public sealed class HostileClientTests : IAsyncLifetime
{
    private readonly TestServer server = TestServer.Start();
    private readonly TestServer other = TestServer.Start("other");
    private TestProxy proxy = null!;

    private string Host => $"127.0.0.1:{server.Port}";

    public ValueTask InitializeAsync()
    {
        proxy = new([Host], new() { Limits = new() { HeadTime = TimeSpan.FromSeconds(2), HeadBytes = 2048, Connections = 32 } });
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await proxy.DisposeAsync();
        await server.DisposeAsync();
        await other.DisposeAsync();
    }

    [Theory]
    [InlineData("Content-Length: 4\r\nTransfer-Encoding: chunked", "both")]
    [InlineData("Content-Length: 4\r\nContent-Length: 4", "more than once")]
    [InlineData("Content-Length: 4\r\ncontent-length: 5", "more than once")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "more than once")]
    [InlineData("Transfer-Encoding: identity, chunked", "Transfer-Encoding")]
    [InlineData("Transfer-Encoding: xchunked", "Transfer-Encoding")]
    [InlineData("Content-Length: +4", "no number")]
    [InlineData("Content-Length: -1", "no number")]
    [InlineData("Content-Length: 4, 4", "no number")]
    [InlineData("Content-Length: 0x4", "no number")]
    [InlineData("Content-Length: 99999999999999999999", "no number")]
    [InlineData("Content-Length : 4", "Name: value")]
    [InlineData("X: a\r\n folded", "Name: value")]
    [InlineData(" Content-Length: 4", "Name: value")]
    [InlineData("Content-Length", "Name: value")]
    [InlineData(": x", "Name: value")]
    [InlineData("X: a\nContent-Length: 4", "CR LF")]
    [InlineData("X: a\rContent-Length: 4", "CR LF")]
    [InlineData("X: a\0b", "control")]
    [InlineData("X: caf\u00e9", "control")]
    [InlineData("Host: other.test", "more than one 'Host'")]
    public async Task Attack_a_head_that_can_be_read_in_two_ways(string headers, string reason)
    {
        var answer = await proxy.SendAsync($"POST http://{Host}/ HTTP/1.1\r\nHost: {Host}\r\n{headers}\r\n\r\nbody");

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.Contains(reason, answer, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.Equal(ConnectionOutcome.Refused, Assert.Single(proxy.Told).Outcome);
    }

    [Fact]
    public async Task The_same_without_the_doubt_goes_through() =>
        Assert.EndsWith("hello", await proxy.SendAsync($"POST http://{Host}/ HTTP/1.1\r\nHost: {Host}\r\nContent-Length: 4\r\nX: a\r\n\r\nbody"), StringComparison.Ordinal);

    [Theory]
    [InlineData("GET http://{0}/ HTTP/1.1\r\nHost: other.test\r\n\r\n", "another host")]
    [InlineData("GET http://{0}/ HTTP/1.1\r\n\r\n", "missing")]
    [InlineData("CONNECT {0} HTTP/1.1\r\nHost: other.test:443\r\n\r\n", "another host")]
    [InlineData("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\nContent-Length: 4\r\n\r\nbody", "no body")]
    [InlineData("CONNECT 127.0.0.1 HTTP/1.1\r\n\r\n", "host:port")]
    [InlineData("CONNECT http://{0}/ HTTP/1.1\r\n\r\n", "host:port")]
    [InlineData("CONNECT 127.0.0.1:0 HTTP/1.1\r\n\r\n", "host:port")]
    [InlineData("CONNECT 127.0.0.1:65616 HTTP/1.1\r\n\r\n", "host:port")]
    [InlineData("CONNECT 127.0.0.1:+80 HTTP/1.1\r\n\r\n", "host:port")]
    [InlineData("CONNECT other.test:443:{0} HTTP/1.1\r\n\r\n", "host:port")]
    [InlineData("GET http://user:secret@{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "user information")]
    [InlineData("GET http://other.test\\@{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "user information")]
    [InlineData("GET http://{0}#@other.test/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "user information")]
    [InlineData("GET https://{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "CONNECT")]
    [InlineData("GET ftp://{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "http://host/path")]
    [InlineData("GET / HTTP/1.1\r\nHost: {0}\r\n\r\n", "http://host/path")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: {0}\r\n\r\n", "http://host/path")]
    [InlineData("TRACE http://{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "TRACE")]
    [InlineData("GET http://{0}/ HTTP/2.0\r\nHost: {0}\r\n\r\n", "first line")]
    [InlineData("GET http://{0}/  HTTP/1.1\r\nHost: {0}\r\n\r\n", "first line")]
    [InlineData("GET http://{0}/ a HTTP/1.1\r\nHost: {0}\r\n\r\n", "first line")]
    [InlineData("GET\thttp://{0}/\tHTTP/1.1\r\nHost: {0}\r\n\r\n", "first line")]
    [InlineData("\r\nGET http://{0}/ HTTP/1.1\r\nHost: {0}\r\n\r\n", "first line")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "CR LF")]
    [InlineData("\u0016\u0003\u0001\u0002\r\n\r\n", "control")]
    public async Task Attack_a_request_that_names_its_host_doubtfully(string request, string reason)
    {
        var answer = await proxy.SendAsync(request.Replace("{0}", Host, StringComparison.Ordinal));

        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        if (!request.StartsWith("PRI", StringComparison.Ordinal)) Assert.Contains(reason, answer, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        Assert.DoesNotContain(proxy.Told, one => one.Reason.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attack_a_second_request_behind_the_first_reaches_nobody()
    {
        var first = $"GET http://{Host}/first HTTP/1.1\r\nHost: {Host}\r\nConnection: keep-alive\r\n\r\n";
        var second = $"GET http://127.0.0.1:{other.Port}/second HTTP/1.1\r\nHost: 127.0.0.1:{other.Port}\r\n\r\n";

        var answer = await proxy.SendAsync(first + second);

        Assert.EndsWith("hello", answer, StringComparison.Ordinal);
        Assert.Contains("/first", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.Empty(other.Requests);
    }

    [Theory]
    [InlineData("4\r\nbodyX\r\n0\r\n\r\n")]
    [InlineData("4;ext=1\r\nbody\r\n0\r\n\r\n")]
    [InlineData("4\nbody\r\n0\r\n\r\n")]
    [InlineData("-4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("0x4\r\nbody\r\n0\r\n\r\n")]
    [InlineData(" 4\r\nbody\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\nbody\r\n0\r\n\r\n")]
    [InlineData("4\r\nbody\r\n0\r\nX-Trailer: 1\r\n\r\n")]
    [InlineData("4\r\nbo")]
    public async Task Attack_chunks_that_are_not_what_they_claim(string body)
    {
        await proxy.SendAsync($"POST http://{Host}/ HTTP/1.1\r\nHost: {Host}\r\nTransfer-Encoding: chunked\r\n\r\n{body}", end: true);

        // What reached the server has no end, so it served nothing.
        Assert.All(server.Requests, request => Assert.False(request.EndsWith("0\r\n\r\n", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Attack_a_head_without_end()
    {
        Assert.StartsWith("HTTP/1.1 431 ", await proxy.SendAsync($"GET http://{Host}/{new string('a', 4000)} HTTP/1.1\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 400 ", await proxy.SendAsync($"GET http://{Host}/ HTTP/1.1\r\n{string.Concat(Enumerable.Repeat("a:b\r\n", 200))}\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_head_that_never_ends_ends_in_time()
    {
        Assert.StartsWith("HTTP/1.1 408 ", await proxy.SendAsync($"GET http://{Host}/ HTTP/1.1\r\nX: "), StringComparison.Ordinal);
        Assert.Contains("in time", Assert.Single(proxy.Told).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_thousands_of_silent_connections_wait_their_turn_and_the_proxy_lives_on()
    {
        var sockets = new List<Socket>();
        try
        {
            // The room is 32 and the queue 512; the rest isn't even taken by the kernel.
            for (var i = 0; i < 400; i++) sockets.Add(await proxy.ConnectAsync());
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
        }

        Assert.EndsWith("hello", await proxy.GetAsync($"http://{Host}/", Host), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_client_that_never_reads_holds_a_bounded_buffer_and_ends()
    {
        var body = new byte[50_000_000];
        await using var large = TestServer.Start(_ => TestServer.Ok(body));
        await using var patient = new TestProxy([$"127.0.0.1:{large.Port}"], new() { Limits = new() { IdleTime = TimeSpan.FromSeconds(1) } });
        var host = $"127.0.0.1:{large.Port}";
        using var client = await patient.ConnectAsync();
        await client.SendAsync(Encoding.ASCII.GetBytes($"GET http://{host}/ HTTP/1.1\r\nHost: {host}\r\n\r\n"), TestContext.Current.CancellationToken);

        while (patient.Told.All(one => one.Outcome != ConnectionOutcome.Closed)) await Task.Delay(50, TestContext.Current.CancellationToken);

        var closed = patient.Told.Single(one => one.Outcome == ConnectionOutcome.Closed);
        Assert.Contains("nothing moved", closed.Reason, StringComparison.Ordinal);
        Assert.True(closed.BytesReceived < body.Length);
    }

    [Fact]
    public async Task Attack_a_flood_of_different_hosts_leaves_a_bounded_trail()
    {
        await using var bounded = new TestProxy(["other.test:443"], new() { Limits = new() { ToldConnections = 10 } });
        for (var i = 0; i < 100; i++) await bounded.TunnelAsync($"h{i}.test:443");

        await bounded.DisposeAsync();

        Assert.True(bounded.Told.Count <= 31, $"{bounded.Told.Count}");
        Assert.Equal(100, bounded.Told.Sum(one => one.Times));
    }

    [Fact]
    public async Task What_can_not_be_told_does_not_happen_and_surfaces()
    {
        var told = new NetworkSettings { Happened = _ => throw new InvalidOperationException("the trail is full") };
        var failing = new NetworkProxy(TestProxy.Access([Host]), told, null);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        listener.Listen();
        failing.Listen(listener);

        var answer = await proxy.SendAsync($"GET http://{Host}/ HTTP/1.1\r\nHost: {Host}\r\n\r\n", ((System.Net.IPEndPoint)listener.LocalEndPoint!).Port);

        Assert.DoesNotContain("hello", answer, StringComparison.Ordinal);
        Assert.Empty(server.Requests);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await failing.DisposeAsync());
    }
}
