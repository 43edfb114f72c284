using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using TarsEngine.Permissions;
using TarsEngine.Sandbox.Network;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>The proxy itself, listening on this host's loopback instead of a sandbox's.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private static readonly RuleOrigin user = new(RuleAuthor.User, "config.yaml", 1);
    private readonly NetworkProxy proxy;
    private bool disposed;

    /// <param name="rules">'host:port' or '[address]:port'; with '!' before it: denied.</param>
    public TestProxy(IEnumerable<string> rules, NetworkSettings? settings = null, CredentialRoute? route = null)
    {
        proxy = new(Access(rules), (settings ?? new()) with { Happened = Told.Enqueue }, listener: null);
        Port = Listen(null);
        if (route is not null) RoutePort = Listen(route);
    }

    public ConcurrentQueue<SandboxConnection> Told { get; } = [];
    public int Port { get; }
    public int RoutePort { get; }

    public static NetworkAccess Access(IEnumerable<string> rules) => new([.. rules.Select(Rule)]);

    /// <summary>Names that resolve to given addresses, in turn: the last one stays.</summary>
    public static NetworkSettings Resolving(params (string Name, string[] Addresses)[] names)
    {
        var asked = new ConcurrentDictionary<string, int>();
        return new()
        {
            Resolve = (name, _) =>
            {
                var addresses = names.Single(one => one.Name == name).Addresses;
                var times = asked.AddOrUpdate(name, 1, (_, before) => before + 1);
                return Task.FromResult<IPAddress[]>([.. addresses[Math.Min(times, addresses.Length) - 1].Split(' ').Select(IPAddress.Parse)]);
            },
        };
    }

    public async Task<Socket> ConnectAsync(int? port = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port ?? Port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Sends these bytes and reads all that comes back.</summary>
    public async Task<string> SendAsync(string text, int? port = null, bool end = false)
    {
        using var socket = await ConnectAsync(port);
        await socket.SendAsync(Encoding.Latin1.GetBytes(text), TestContext.Current.CancellationToken);
        if (end) socket.Shutdown(SocketShutdown.Send);
        return await ReadAsync(socket);
    }

    /// <summary>To the end.</summary>
    public static async Task<string> ReadAsync(Socket socket, string? until = null)
    {
        var read = new StringBuilder();
        var buffer = new byte[8192];
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while ((until is null || !read.ToString().Contains(until, StringComparison.Ordinal)) && await socket.ReceiveAsync(buffer, limit.Token) is var count and > 0)
                read.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException)
        {
            read.Append("(reset)");
        }
        return read.ToString();
    }

    /// <summary>A GET through a tunnel.</summary>
    public Task<string> TunnelAsync(string target) => SendAsync($"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");

    public Task<string> GetAsync(string url, string host) => SendAsync($"GET {url} HTTP/1.1\r\nHost: {host}\r\n\r\n");

    public async ValueTask DisposeAsync()
    {
        if (!Interlocked.Exchange(ref disposed, true)) await proxy.DisposeAsync();
    }

    private static HostRule Rule(string text)
    {
        var bare = text.TrimStart('!');
        var colon = bare.LastIndexOf(':');
        return new(bare[..colon].Trim('[', ']'), int.Parse(bare[(colon + 1)..]), text.StartsWith('!') ? Decision.Deny : Decision.Allow, user);
    }

    private int Listen(CredentialRoute? route)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        proxy.Listen(listener, route);
        return ((IPEndPoint)listener.LocalEndPoint!).Port;
    }
}
