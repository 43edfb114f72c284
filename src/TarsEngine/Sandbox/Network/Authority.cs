using System.Globalization;
using TarsEngine.Permissions;

namespace TarsEngine.Sandbox.Network;

/// <summary>A host and a port, the host in its one spelling.</summary>
internal sealed record Authority(string Host, int Port)
{
    private const int HttpPort = 80;

    /// <summary>For 'Host' headers and messages.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Bracketed}:{Port}");

    public string HostHeader(int usualPort) => Port == usualPort ? Bracketed : ToString();

    private string Bracketed => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;

    /// <summary>Null for user information, an odd port or address, letters beyond ASCII, or anything that is not 'host:port'.</summary>
    /// <param name="usualPort">Where none is given; null: one must be given.</param>
    public static Authority? Parse(string text, int? usualPort)
    {
        var colon = text.EndsWith(']') ? -1 : text.LastIndexOf(':');
        var (name, port) = colon < 0 ? (text, usualPort) : (text[..colon], Number(text[(colon + 1)..]));
        // An address of the sixth version stands in brackets: 'a:b:80' has two readings.
        if (port is null || (name.Contains(':', StringComparison.Ordinal) && !(name.StartsWith('[') && name.EndsWith(']')))) return null;
        return HostName.TryNormalize(name, out var host) ? new(host, port.Value) : null;
    }

    /// <summary>The authority and the path of 'http://host/path'; null for other schemes and everything that is doubtful.</summary>
    public static (Authority At, string Path)? ParseHttp(string target)
    {
        const string scheme = "http://";
        if (!target.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) || target.Contains('#', StringComparison.Ordinal) || target.Contains('\\', StringComparison.Ordinal)) return null;
        var rest = target[scheme.Length..];
        var end = rest.AsSpan().IndexOfAny('/', '?');
        var authority = end < 0 ? rest : rest[..end];
        var path = end < 0 ? "/" : rest[end] == '?' ? "/" + rest[end..] : rest[end..];
        return Parse(authority, HttpPort) is { } at ? (at, path) : null;
    }

    private static int? Number(string text) =>
        text.Length is > 0 and <= 5 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= 65535 ? port : null;
}
