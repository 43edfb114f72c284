using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace TarsEngine.Sandbox.Network;

/// <summary>One client of the proxy: one request, answered by the host that it names or by a refusal that says why.</summary>
internal sealed class ProxyConnection(Socket client, CredentialRoute? route, Dialer dialer, ConnectionLedger ledger, NetworkSettings settings)
{
    private readonly ClientReader reader = new(client);
    private ConnectionKind Kind => route is null ? ConnectionKind.Tunnel : ConnectionKind.Credential;

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            if (await ReadHeadAsync(cancellation) is not { } head) return;
            if (ProxyRequest.Read(head, route, out var problem) is not { } request) await RefuseAsync(Kind, "", 0, 400, problem, cancellation);
            else await ServeAsync(head, request, cancellation);
        }
        catch (SocketException)
        {
            // The client went away before anything was connected.
        }
    }

    private async Task<RequestHead?> ReadHeadAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Limits.HeadTime);
        byte[]? bytes;
        try
        {
            bytes = await reader.ReadHeadAsync(settings.Limits.HeadBytes, limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            await RefuseAsync(Kind, "", 0, 408, "The request's head did not come in time.", cancellation);
            return null;
        }
        if (bytes is null) await RefuseAsync(Kind, "", 0, 431, "The request's head is too long.", cancellation);
        if (bytes is null or []) return null;
        var head = RequestHead.Parse(bytes, out var problem);
        if (head is null) await RefuseAsync(Kind, "", 0, 400, problem, cancellation);
        return head;
    }

    private async Task ServeAsync(RequestHead head, ProxyRequest request, CancellationToken cancellation)
    {
        switch (await dialer.DialAsync(request.To, WayOf(request.Kind), cancellation))
        {
            case NotAllowed refused:
                await RefuseAsync(request.Kind, request.To.Host, request.To.Port, 403, refused.Reason, cancellation);
                break;
            case NotReached failed:
                ledger.Failed(request.Kind, request.To, failed.Reason);
                await AnswerAsync(502, failed.Reason, cancellation);
                break;
            case Dialed dialed:
                using (dialed.Socket) await ConnectAsync(head, request, dialed, cancellation);
                break;
        }
    }

    private DialWay WayOf(ConnectionKind kind) => kind switch
    {
        ConnectionKind.Http => DialWay.Plain,
        ConnectionKind.Credential when route!.Plain => DialWay.Loopback,
        _ => DialWay.Encrypted,
    };

    private async Task ConnectAsync(RequestHead head, ProxyRequest request, Dialed dialed, CancellationToken cancellation)
    {
        using var relay = new Relay(settings.Limits.IdleTime, cancellation);
        var told = ledger.Opened(request.Kind, request.To, dialed.Address, dialed.Reason);
        var ending = "ended";
        try
        {
            if (request.Path is null)
            {
                await client.SendAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), relay.Ended);
                await relay.TunnelAsync(reader, client, dialed.Socket);
            }
            else
            {
                await ExchangeAsync(head, request, dialed, relay);
            }
        }
        catch (Exception failure) when (failure is SocketException or IOException or InvalidDataException or AuthenticationException)
        {
            ending = failure.Message;
            if (relay.Received == 0 && request.Path is not null) await AnswerAsync(502, failure.Message, cancellation);
        }
        catch (OperationCanceledException)
        {
            ending = cancellation.IsCancellationRequested ? "the command ended" : "nothing moved for too long";
        }
        finally
        {
            ledger.Closed(told, request.Kind, request.To, dialed.Address, ending, relay.Sent, relay.Received);
        }
    }

    private async Task ExchangeAsync(RequestHead head, ProxyRequest request, Dialed dialed, Relay relay)
    {
        await using var plain = new NetworkStream(dialed.Socket, ownsSocket: false);
        await using var host = route is null or { Plain: true } ? (Stream)plain : await EncryptAsync(plain, route.Host, relay.Ended);
        var target = dialed.Plain is null ? request.Path! : $"http://{request.To.HostHeader(80)}{request.Path}";
        var added = route is null ? dialed.Plain?.Authorization is { } authorization ? ("Proxy-Authorization", authorization) : default((string, string)?) : (route.Header, route.Value.Value);
        await relay.WriteAsync(host, ForwardedHead.Write(head, target, request.To.HostHeader(route is null or { Plain: true } ? 80 : 443), added));
        var up = SendBodyAsync(head, host, relay);
        var down = relay.DownAsync(host, client);
        // A body that is not what it claims to be ends everything; a host may well answer before it has read all.
        if (await Task.WhenAny(up, down) == up && up.Exception?.InnerException is InvalidDataException or EndOfStreamException) relay.Cancel();
        await down;
        relay.Cancel();
        await Relay.Settled(up);
    }

    private async Task SendBodyAsync(RequestHead head, Stream host, Relay relay)
    {
        if (head.IsChunked) await ChunkedBody.SendAsync(reader, host, relay);
        else if (head.ContentLength is > 0 and var length) await relay.SendAsync(reader, host, length);
    }

    private async Task<SslStream> EncryptAsync(Stream plain, string host, CancellationToken cancellation)
    {
        var stream = new SslStream(plain, leaveInnerStreamOpen: true);
        try
        {
            await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = host, RemoteCertificateValidationCallback = settings.Trust }, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    private async Task RefuseAsync(ConnectionKind kind, string host, int port, int status, string reason, CancellationToken cancellation)
    {
        ledger.Refused(kind, host, port, reason);
        await AnswerAsync(status, reason, cancellation);
    }

    /// <summary>The reason reaches whoever reads the output of the command that asked.</summary>
    private async Task AnswerAsync(int status, string reason, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(settings.Limits.HeadTime);
        var body = Encoding.UTF8.GetBytes($"tarscli: {Files.ByteText.Display(reason)}\n");
        var words = status switch { 400 => "Bad Request", 403 => "Forbidden", 408 => "Request Timeout", 431 => "Request Header Fields Too Large", _ => "Bad Gateway" };
        var head = string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {words}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n");
        try
        {
            await client.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. body], limit.Token);
            // A close while the client still sends would reset the connection and take the answer away; so its bytes are read, for a moment.
            client.Shutdown(SocketShutdown.Send);
            var rest = new byte[4096];
            for (var left = 64; left > 0 && await client.ReceiveAsync(rest, limit.Token) > 0; left--)
            {
            }
        }
        catch (Exception failure) when (failure is SocketException || (failure is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            // It does not want the answer.
        }
    }
}
