using System.Globalization;
using System.Text;

namespace TarsEngine.Sandbox.Network;

/// <summary>A request's head as it goes on: everything that speaks of the way and not of the request is left out or written anew.</summary>
internal static class ForwardedHead
{
    private static readonly HashSet<string> ofTheWay = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Proxy-Connection", "Proxy-Authorization", "Proxy-Authenticate", "Keep-Alive", "TE", "Trailer", "Upgrade",
    };

    /// <param name="target">What stands in the first line.</param>
    /// <param name="host">The value of 'Host'.</param>
    /// <param name="added">A header that replaces whatever the client sent by that name.</param>
    public static byte[] Write(RequestHead head, string target, string host, (string Name, string Value)? added)
    {
        var named = head.Values("Connection").SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{head.Method} {target} HTTP/1.1\r\nHost: {host}\r\n");
        foreach (var (name, value) in head.Headers)
        {
            if (ofTheWay.Contains(name) || named.Contains(name) || name.Equals(added?.Name, StringComparison.OrdinalIgnoreCase)) continue;
            text.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }
        if (added is { } more) text.Append(CultureInfo.InvariantCulture, $"{more.Name}: {more.Value}\r\n");
        if (head.ContentLength is { } length) text.Append(CultureInfo.InvariantCulture, $"Content-Length: {length}\r\n");
        if (head.IsChunked) text.Append("Transfer-Encoding: chunked\r\n");
        // One request for each connection: a second one, to another host perhaps, is never read.
        return Encoding.Latin1.GetBytes(text.Append("Connection: close\r\n\r\n").ToString());
    }
}
