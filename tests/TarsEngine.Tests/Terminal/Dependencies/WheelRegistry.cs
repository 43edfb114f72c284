using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace TarsEngine.Tests.Terminal.Dependencies;

/// <summary>A small index of Python packages on this machine's loopback, over a folder of wheels.</summary>
internal sealed class WheelRegistry : IAsyncDisposable
{
    private readonly HttpListener listener = new();
    private readonly string folder;
    private readonly Task serving;

    private WheelRegistry(string folder, int port)
    {
        this.folder = folder;
        Address = $"http://127.0.0.1:{port}/simple/";
        listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        listener.Start();
        serving = ServeAsync();
    }

    public string Address { get; }

    public ConcurrentQueue<string> Asked { get; } = [];

    public static WheelRegistry Start(string folder)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return new(folder, port);
    }

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
        listener.Close();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception end) when (end is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            var path = context.Request.Url!.AbsolutePath;
            Asked.Enqueue(path);
            var file = Path.Combine(folder, Path.GetFileName(path));
            var found = path.EndsWith(".whl", StringComparison.Ordinal) && File.Exists(file);
            context.Response.ContentType = found ? "application/octet-stream" : "text/html";
            context.Response.StatusCode = found || path == "/simple/tinyyaml/" ? 200 : 404;
            var body = found ? await File.ReadAllBytesAsync(file) : Encoding.ASCII.GetBytes(string.Concat(Directory.GetFiles(folder).Select(wheel => $"<a href=\"/{Path.GetFileName(wheel)}\">{Path.GetFileName(wheel)}</a>")));
            await context.Response.OutputStream.WriteAsync(body);
            context.Response.Close();
        }
    }
}
