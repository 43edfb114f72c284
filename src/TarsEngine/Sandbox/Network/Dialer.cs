using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using TarsEngine.Permissions;

namespace TarsEngine.Sandbox.Network;

/// <summary>
/// Connects to what policy allows. A name is resolved once, here; each address is judged, and it is that very address that is
/// connected to: a name that answers differently the next time gains nothing.
/// </summary>
internal sealed class Dialer(NetworkAccess access, NetworkSettings settings)
{
    private const int MostAddresses = 4;
    private readonly Lazy<HashSet<IPAddress>> own = new(OwnAddresses);

    public async Task<DialResult> DialAsync(Authority to, DialWay way, CancellationToken cancellation)
    {
        var decision = access.Decide(to.Host, to.Port);
        if (decision.Decision != Decision.Allow) return new NotAllowed(decision.Reason);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Limits.ConnectTime);
        try
        {
            var upstream = way == DialWay.Loopback ? null : settings.Upstream.For(to.Host, https: way == DialWay.Encrypted);
            var addresses = await ResolveAsync(to.Host, mayFail: upstream is not null, limit.Token);
            // What goes without TLS may carry a credential: it must not leave the machine, wherever the name leads.
            if (way == DialWay.Loopback && !addresses.All(IPAddress.IsLoopback)) return new NotAllowed($"'{to}' is to be spoken to without TLS, and leads away from this machine.");
            var allowed = addresses.Where(address => IsAllowed(address, to.Port)).Take(MostAddresses).ToList();
            // Behind another proxy it is not ours to choose among them.
            if (addresses.Length > 0 && (upstream is null ? allowed.Count == 0 : allowed.Count < Math.Min(addresses.Length, MostAddresses)))
                return new NotAllowed(Refusal(to, addresses.First(address => !IsAllowed(address, to.Port))));
            if (upstream is not null) return await ThroughAsync(upstream, to, way == DialWay.Plain, decision.Reason, limit.Token);
            return await DirectAsync(allowed, to.Port, limit.Token) is (var socket, var address) ? new Dialed(socket, address, null, decision.Reason) : new NotReached($"'{to}' did not answer.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new NotReached($"'{to}' did not answer in time.");
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return new NotReached($"'{to}' was not reached: {failure.Message}");
        }
    }

    /// <summary>Public addresses; private ones and this host's own only where the user's configuration names that very address and port.</summary>
    private bool IsAllowed(IPAddress address, int port)
    {
        var decision = access.Decide(address, port);
        if (decision.Rule is { Decide: not Decision.Allow }) return false;
        if (!HostName.IsPrivate(address) && !own.Value.Contains(address)) return true;
        return decision.Rule is { Origin.Author: not RuleAuthor.Repository } rule && !rule.Host.StartsWith('*');
    }

    private static string Refusal(Authority to, IPAddress address)
    {
        var literal = new Authority((address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString(), to.Port);
        return $"'{to}' leads to the address {literal}, which is private or this host's own. If it is meant, name '{literal}' under 'network' in your own configuration as well.";
    }

    private async Task<IPAddress[]> ResolveAsync(string host, bool mayFail, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal)) return [literal];
        try
        {
            return await settings.Resolve(host, cancellation);
        }
        catch (SocketException) when (mayFail)
        {
            return [];
        }
    }

    private static async Task<(Socket, IPAddress)?> DirectAsync(IReadOnlyList<IPAddress> addresses, int port, CancellationToken cancellation)
    {
        SocketException? last = null;
        foreach (var address in addresses)
        {
            var socket = NewSocket(address);
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, port), cancellation);
                return (socket, address);
            }
            catch (SocketException failure)
            {
                socket.Dispose();
                last = failure;
            }
            catch (OperationCanceledException)
            {
                socket.Dispose();
                throw;
            }
        }
        return last is null ? null : throw last;
    }

    /// <summary>The user's own environment names the proxy: its address is not judged.</summary>
    private static async Task<DialResult> ThroughAsync(UpstreamProxy upstream, Authority to, bool plain, string reason, CancellationToken cancellation)
    {
        var addresses = IPAddress.TryParse(upstream.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(upstream.Host, cancellation);
        if (await DirectAsync(addresses, upstream.Port, cancellation) is not (var socket, _)) return new NotReached($"The proxy '{upstream}' has no address.");
        if (plain) return new Dialed(socket, null, upstream, reason);
        try
        {
            var authorization = upstream.Authorization is null ? "" : $"Proxy-Authorization: {upstream.Authorization}\r\n";
            await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"CONNECT {to} HTTP/1.1\r\nHost: {to}\r\n{authorization}\r\n"), cancellation);
            if (await UpstreamAnswer.ReadAsync(socket, cancellation) is { } problem)
            {
                socket.Dispose();
                return new NotReached($"The proxy '{upstream}' did not connect to '{to}': {problem}");
            }
            return new Dialed(socket, null, null, reason);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket NewSocket(IPAddress address) => new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private static HashSet<IPAddress> OwnAddresses() =>
        [.. NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address)];
}
