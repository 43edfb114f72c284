using System.Globalization;

namespace TarsListener;

/// <summary>
/// Opens listening sockets on loopback, one for each port given, and hands them out through the socket that it finds as
/// descriptor 3. It ends at once. Exit code: 0 done, 2 wrong arguments, else the errno of what failed.
/// </summary>
internal static class Program
{
    // The most descriptors that one message carries is 253; nobody needs so many.
    private const int MostPorts = 64;

    public static int Main(string[] arguments)
    {
        var ports = new List<ushort>();
        foreach (var argument in arguments)
        {
            if (!ushort.TryParse(argument, NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == 0) return 2;
            ports.Add(port);
        }
        if (ports.Count is 0 or > MostPorts) return 2;
        Span<int> listeners = stackalloc int[ports.Count];
        for (var i = 0; i < ports.Count; i++)
        {
            listeners[i] = Libc.Listen(ports[i]);
            if (listeners[i] < 0) return -listeners[i];
        }
        return Libc.SendDescriptors(3, listeners);
    }
}
