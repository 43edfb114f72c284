using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace TarsAutonomy.Tests;

/// <summary>A request as it came.</summary>
internal sealed record Received(string Method, string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>A real HTTP server on this machine's loopback that keeps what it gets.</summary>
internal sealed class HttpReceiver : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly Func<Received, Task<int>> answer;
    private readonly Task serving;

    /// <param name="answer">The status for a request, when it is time.</param>
    public HttpReceiver(Func<Received, Task<int>>? answer = null)
    {
        this.answer = answer ?? (_ => Task.FromResult(200));
        Address = $"http://127.0.0.1:{FreePort()}/";
        listener.Prefixes.Add(Address);
        listener.Start();
        serving = ServeAsync();
    }

    /// <summary>With a slash at its end.</summary>
    public string Address { get; }
    public ConcurrentQueue<Received> Requests { get; } = [];

    public static int FreePort()
    {
        using var socket = new TcpListener(IPAddress.Loopback, 0);
        socket.Start();
        return ((IPEndPoint)socket.LocalEndpoint).Port;
    }

    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = AnswerAsync(await listener.GetContextAsync());
        }
        catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body);
        var headers = context.Request.Headers.AllKeys.OfType<string>().ToDictionary(name => name, name => context.Request.Headers[name] ?? "", StringComparer.OrdinalIgnoreCase);
        var request = new Received(context.Request.HttpMethod, context.Request.Url!.AbsolutePath, headers, body.ToArray());
        Requests.Enqueue(request);
        try
        {
            var status = await answer(request);
            context.Response.StatusCode = status;
            if (status is 301 or 307) context.Response.RedirectLocation = Address + "elsewhere";
            if (status >= 400) await context.Response.OutputStream.WriteAsync("because\u001b[31m"u8.ToArray());
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // The client did not wait.
        }
    }
}
