using System.Net;
using System.Net.Sockets;

namespace TarsEngine.Sandbox.Landlock;

/// <summary>
/// Tries once per start what Landlock must deny: reading, writing and connecting outside. Each is tried before as well, where it must
/// work: so nothing is denied for another reason.
/// </summary>
internal static class LandlockSelfTest
{
    /// <param name="folder">A folder of ours that commands must not reach.</param>
    /// <exception cref="SandboxUnavailableException">Something got through.</exception>
    public static void Run(string folder)
    {
        var file = Path.Combine(folder, "landlock-" + Guid.NewGuid().ToString("n"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        File.WriteAllText(file, "secret");
        try
        {
            var (before, after) = (new List<string>(), new List<string>());
            var thread = new Thread(() =>
            {
                before = Attempt(file, (IPEndPoint)listener.LocalEndpoint);
                using (var rules = new LandlockRules())
                {
                    rules.AllowReading("/usr");
                    rules.Confine(SeccompFilter.Build());
                }
                after = Attempt(file, (IPEndPoint)listener.LocalEndpoint);
            });
            thread.Start();
            thread.Join();
            if (before.Count < 3 || after.Count > 0)
                throw new SandboxUnavailableException($"the self-test of the fallback 'landlock' found that it does not hold: {string.Join(", ", before.Count < 3 ? ["nothing could be tried"] : after)}.", "Nothing will run. Make bubblewrap work instead.");
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <returns>What worked.</returns>
    private static List<string> Attempt(string file, IPEndPoint listener)
    {
        var worked = new List<string>();
        Try("a file outside was read", () => File.OpenHandle(file).Dispose());
        Try("a file outside was written", () => File.OpenHandle(file, FileMode.Open, FileAccess.Write).Dispose());
        Try("a TCP connection was made", () =>
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Connect(listener);
        });
        return worked;

        void Try(string what, Action attempt)
        {
            try
            {
                attempt();
                worked.Add(what);
            }
            catch (Exception denied) when (denied is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied })
            {
                // As it must be.
            }
        }
    }
}
