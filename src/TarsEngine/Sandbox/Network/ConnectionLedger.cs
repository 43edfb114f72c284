using System.Net;
using TarsEngine.Files;

namespace TarsEngine.Sandbox.Network;

/// <summary>
/// Tells of every connection of one command, and in bounded room: after the first of its kind a refusal is counted and told at
/// the end, and so is everything beyond <see cref="NetworkLimits.ToldConnections"/>.
/// </summary>
internal sealed class ConnectionLedger(NetworkSettings settings, Action<SandboxConnection>? listener)
{
    private const int MostText = 300;
    private readonly Lock gate = new();
    private readonly Dictionary<SandboxConnection, Tally> tallies = [];
    private int told;

    /// <summary>True when it was told by itself; its end is told in the same way.</summary>
    public bool Opened(ConnectionKind kind, Authority to, IPAddress? address, string reason)
    {
        lock (gate)
        {
            if (told >= settings.Limits.ToldConnections) return false;
            told++;
        }
        Tell(New(kind, ConnectionOutcome.Opened, to.Host, to.Port, address, reason));
        return true;
    }

    public void Closed(bool openingWasTold, ConnectionKind kind, Authority to, IPAddress? address, string reason, long sent, long received)
    {
        var connection = New(kind, ConnectionOutcome.Closed, to.Host, to.Port, address, reason);
        if (openingWasTold) Tell(connection with { BytesSent = sent, BytesReceived = received });
        else Count(connection with { Address = null, Reason = "" }, sent, received);
    }

    public void Refused(ConnectionKind kind, string host, int port, string reason) => Once(New(kind, ConnectionOutcome.Refused, host, port, null, reason));

    public void Failed(ConnectionKind kind, Authority to, string reason) => Once(New(kind, ConnectionOutcome.Failed, to.Host, to.Port, null, reason));

    /// <summary>Tells what was only counted.</summary>
    public void Finish()
    {
        List<SandboxConnection> rest;
        lock (gate)
        {
            rest = [.. tallies.Where(pair => pair.Value.Times > 0).Select(pair => pair.Key with { Times = pair.Value.Times, BytesSent = pair.Value.Sent, BytesReceived = pair.Value.Received })];
            tallies.Clear();
        }
        foreach (var connection in rest) Tell(connection with { Time = settings.Clock.GetUtcNow() });
    }

    private void Once(SandboxConnection connection)
    {
        lock (gate)
        {
            // The time would make each one different.
            var key = connection with { Time = default };
            if (tallies.ContainsKey(key) || told >= settings.Limits.ToldConnections)
            {
                Count(key, 0, 0);
                return;
            }
            told++;
            tallies.Add(key, new());
        }
        Tell(connection);
    }

    private void Count(SandboxConnection connection, long sent, long received)
    {
        lock (gate)
        {
            var key = connection with { Time = default };
            if (!tallies.ContainsKey(key) && tallies.Count >= 2 * settings.Limits.ToldConnections)
                key = key with { Host = "(others)", Port = 0, Reason = "", Kind = ConnectionKind.Tunnel, Outcome = ConnectionOutcome.Refused };
            if (!tallies.TryGetValue(key, out var tally)) tallies.Add(key, tally = new());
            tally.Times++;
            tally.Sent += sent;
            tally.Received += received;
        }
    }

    private SandboxConnection New(ConnectionKind kind, ConnectionOutcome outcome, string host, int port, IPAddress? address, string reason) =>
        new(settings.Clock.GetUtcNow(), kind, outcome, Safe(host), port, address, Safe(reason));

    // What runs inside chooses these texts.
    private static string Safe(string text) => ByteText.Display(text.Length > MostText ? text[..MostText] + "…" : text);

    private void Tell(SandboxConnection connection)
    {
        settings.Happened?.Invoke(connection);
        listener?.Invoke(connection);
    }

    private sealed class Tally
    {
        public int Times { get; set; }
        public long Sent { get; set; }
        public long Received { get; set; }
    }
}
