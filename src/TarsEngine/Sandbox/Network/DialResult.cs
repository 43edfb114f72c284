using System.Net;
using System.Net.Sockets;

namespace TarsEngine.Sandbox.Network;

/// <summary>By what a host is spoken to.</summary>
internal enum DialWay
{
    /// <summary>TLS, the client's or ours: the host's own proxy for it tunnels.</summary>
    Encrypted,

    /// <summary>Plain HTTP: the host's own proxy for it takes the request itself.</summary>
    Plain,

    /// <summary>Plain HTTP to a program on this machine, never through a proxy.</summary>
    Loopback,
}

internal abstract record DialResult;

/// <param name="Address">Null behind the host's own proxy.</param>
/// <param name="Plain">Set when the socket leads to the host's own proxy for plain HTTP, which wants the whole URL.</param>
/// <param name="Reason">The rule that allowed it.</param>
internal sealed record Dialed(Socket Socket, IPAddress? Address, UpstreamProxy? Plain, string Reason) : DialResult;

internal sealed record NotAllowed(string Reason) : DialResult;

internal sealed record NotReached(string Reason) : DialResult;
