using System.Net;

namespace TarsEngine.Sandbox.Network;

/// <summary>By which way a connection was asked for.</summary>
public enum ConnectionKind
{
    /// <summary>CONNECT: bytes both ways, unread.</summary>
    Tunnel,

    /// <summary>One request over plain HTTP.</summary>
    Http,

    /// <summary>One request to a host whose credential the host's side adds.</summary>
    Credential,
}

/// <summary>What became of it.</summary>
public enum ConnectionOutcome
{
    /// <summary>Allowed; told before the first byte goes out.</summary>
    Opened,

    /// <summary>An opened one ended.</summary>
    Closed,

    /// <summary>Not allowed, or no request that can be understood in one way only.</summary>
    Refused,

    /// <summary>Allowed, and the host could not be reached.</summary>
    Failed,
}

/// <summary>A connection that a command asked for, told when it is opened and when it ends. Holds no header, path, body or credential.</summary>
/// <param name="Host">As asked for, made safe to show; '' where the request named none.</param>
/// <param name="Address">Where it was connected to; null where it was not, or where the host's own proxy connects.</param>
/// <param name="Reason">Why it was refused or failed, or which rule allowed it.</param>
/// <param name="BytesSent">Out of the sandbox.</param>
/// <param name="BytesReceived">Into the sandbox.</param>
/// <param name="Times">How often: like ones are told together after the first.</param>
public sealed record SandboxConnection(
    DateTimeOffset Time, ConnectionKind Kind, ConnectionOutcome Outcome, string Host, int Port, IPAddress? Address, string Reason,
    long BytesSent = 0, long BytesReceived = 0, int Times = 1)
{
    /// <summary>For people: 'connection to api.example.org:443 closed: 120 bytes out, 4096 in'.</summary>
    public override string ToString()
    {
        var what = Target.Length == 0 ? "a request to the proxy" : $"connection to {Target}";
        var moved = Outcome == ConnectionOutcome.Closed ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{BytesSent} bytes out, {BytesReceived} in") : Reason;
        var times = Times == 1 ? "" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $" ({Times} times)");
        return $"{what} {Outcome.ToString().ToLowerInvariant()}{times}: {moved}";
    }

    public string Target => Port == 0 ? Host : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
