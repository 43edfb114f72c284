using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace TarsEngine.Tests.Sandbox.Network;

/// <summary>A real HTTP server on this host's loopback that remembers every request, byte for byte.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly TcpListener listener;
    private readonly CancellationTokenSource ended = new();
    private readonly Task accepting;
    private readonly X509Certificate2? certificate;
    private readonly Func<string, byte[]> answer;

    private TestServer(IPAddress address, bool encrypted, Func<string, byte[]> answer)
    {
        this.answer = answer;
        certificate = encrypted ? MakeCertificate() : null;
        listener = new(address, 0);
        listener.Start(512);
        accepting = AcceptAsync();
    }

    public ConcurrentQueue<string> Requests { get; } = [];
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public static TestServer Start(string body = "hello", bool encrypted = false, string address = "127.0.0.1") => new(IPAddress.Parse(address), encrypted, _ => Ok(Encoding.UTF8.GetBytes(body)));

    /// <param name="answer">From a request's head and body to the bytes of the whole answer.</param>
    public static TestServer Start(Func<string, byte[]> answer, bool encrypted = false, string address = "127.0.0.1") => new(IPAddress.Parse(address), encrypted, answer);

    public static byte[] Ok(byte[] body, string headers = "") =>
        [.. Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n{headers}Connection: close\r\n\r\n"), .. body];

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await accepting;
        certificate?.Dispose();
        ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(ServeAsync(await listener.AcceptSocketAsync(ended.Token)));
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(Socket client)
    {
        try
        {
            await using var plain = new NetworkStream(client, ownsSocket: true);
            await using var stream = certificate is null ? (Stream)plain : new SslStream(plain);
            if (stream is SslStream tls) await tls.AuthenticateAsServerAsync(certificate!);
            var text = new StringBuilder();
            var buffer = new byte[8192];
            while (!IsWhole(text.ToString()) && await stream.ReadAsync(buffer, ended.Token) is var count and > 0) text.Append(Encoding.Latin1.GetString(buffer, 0, count));
            if (text.Length == 0) return;
            Requests.Enqueue(text.ToString());
            await stream.WriteAsync(answer(text.ToString()), ended.Token);
        }
        catch (Exception end) when (end is OperationCanceledException or IOException)
        {
            // The client went away.
        }
    }

    private static bool IsWhole(string text)
    {
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) return false;
        if (text.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase)) return text.EndsWith("0\r\n\r\n", StringComparison.Ordinal);
        var at = text.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase);
        return at < 0 || at > end || text.Length - end - 4 >= int.Parse(text[(at + 16)..text.IndexOf('\r', at)]);
    }

    private static X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=api.test", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
