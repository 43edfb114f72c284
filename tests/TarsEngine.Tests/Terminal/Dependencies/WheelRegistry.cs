using System.Text;
using TarsEngine.Tests.Sandbox.Network;

namespace TarsEngine.Tests.Terminal.Dependencies;

/// <summary>A small index of Python packages on this machine's loopback, over a folder of wheels.</summary>
internal sealed class WheelRegistry : IAsyncDisposable
{
    private readonly TestServer server;
    private readonly string folder;

    private WheelRegistry(string folder)
    {
        this.folder = folder;
        server = TestServer.Start(request => Answer(PathOf(request)));
    }

    public string Address => $"http://127.0.0.1:{server.Port}/simple/";

    /// <summary>The paths that were asked for.</summary>
    public IEnumerable<string> Asked => server.Requests.Select(PathOf);

    public static WheelRegistry Start(string folder) => new(folder);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private byte[] Answer(string path)
    {
        var file = Path.Combine(folder, Path.GetFileName(path));
        if (path.EndsWith(".whl", StringComparison.Ordinal) && File.Exists(file)) return TestServer.Ok(File.ReadAllBytes(file), "Content-Type: application/octet-stream\r\n");
        return path == "/simple/tinyyaml/"
            ? TestServer.Ok(Encoding.ASCII.GetBytes(string.Concat(Directory.GetFiles(folder).Select(wheel => $"<a href=\"/{Path.GetFileName(wheel)}\">{Path.GetFileName(wheel)}</a>"))), "Content-Type: text/html\r\n")
            : Encoding.ASCII.GetBytes("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    }

    // Through a proxy the whole address is asked for.
    private static string PathOf(string request) => request.Split(' ')[1] is var asked && asked.StartsWith('/') ? asked : new Uri(asked).AbsolutePath;
}
