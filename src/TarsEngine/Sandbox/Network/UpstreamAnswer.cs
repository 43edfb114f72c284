using System.Net.Sockets;
using System.Text;

namespace TarsEngine.Sandbox.Network;

/// <summary>What the host's own proxy answers to CONNECT.</summary>
internal static class UpstreamAnswer
{
    private const int MostBytes = 16 * 1024;

    /// <summary>Null when it connected; else what it said. Reads not a byte of what follows the answer.</summary>
    public static async Task<string?> ReadAsync(Socket socket, CancellationToken cancellation)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^4] == '\r' && head[^3] == '\n' && head[^2] == '\r' && head[^1] == '\n'))
        {
            if (head.Count >= MostBytes) return "its answer is too long.";
            if (await socket.ReceiveAsync(one, cancellation) == 0) return "it closed the connection.";
            head.Add(one[0]);
        }
        var line = Encoding.Latin1.GetString([.. head]).Split("\r\n")[0];
        return line.Split(' ') is [var version, var status, ..] && version.StartsWith("HTTP/1.", StringComparison.Ordinal) && status is ['2', _, _] ? null : line;
    }
}
