using System.Net;
using System.Net.Security;

namespace TarsEngine.Sandbox.Network;

/// <summary>What the host brings to the networks of all its sandboxes.</summary>
public sealed record NetworkSettings
{
    /// <summary>The proxies that the host itself sits behind.</summary>
    public UpstreamProxies Upstream { get; init; } = UpstreamProxies.None;

    /// <summary>The user's variables, from which credentials may come.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told of every connection, on whatever thread it happens; must be quick. What it throws ends that connection.</summary>
    public Action<SandboxConnection>? Happened { get; init; }

    public NetworkLimits Limits { get; init; } = new();

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Names to addresses; of tests alone.</summary>
    internal Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

    /// <summary>Trust in the server of a credential; of tests alone. Null: the host's own.</summary>
    internal RemoteCertificateValidationCallback? Trust { get; init; }
}

/// <summary>Bounds of one command's network.</summary>
public sealed record NetworkLimits
{
    /// <summary>Open at once; more wait until one ends.</summary>
    public int Connections { get; init; } = 128;

    /// <summary>The largest head of a request: its first line and its headers.</summary>
    public int HeadBytes { get; init; } = 16 * 1024;

    /// <summary>How long a client may take for its request's head.</summary>
    public TimeSpan HeadTime { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long resolving and connecting may take.</summary>
    public TimeSpan ConnectTime { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>A connection on which nothing moves for so long ends.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>So many different refusals and connections are told one by one; the rest is counted.</summary>
    public int ToldConnections { get; init; } = 1000;
}
