using System.Text;
using TarsEngine.Permissions;

namespace TarsEngine.Sandbox.Network;

/// <summary>A proxy that the host needs to reach the outside.</summary>
/// <param name="Authorization">The value of 'Proxy-Authorization'; null without one.</param>
public sealed record UpstreamProxy(string Host, int Port, string? Authorization)
{
    /// <summary>Without the authorization.</summary>
    public override string ToString() => $"{Host}:{Port}";
}

/// <summary>The host's own way out, as the usual variables tell it: HTTPS_PROXY, HTTP_PROXY, NO_PROXY, in small letters first.</summary>
/// <param name="Exceptions">Hosts that are reached directly: names, '.name' or '*.name' for what lies below, '*' for all.</param>
public sealed record UpstreamProxies(UpstreamProxy? Https, UpstreamProxy? Http, IReadOnlyList<string> Exceptions)
{
    public static UpstreamProxies None { get; } = new(null, null, []);

    /// <summary>Names the variable that holds no proxy that can be used; null when all can. Matters only where a network is needed.</summary>
    public string? Unusable { get; init; }

    public static UpstreamProxies Read(IReadOnlyDictionary<string, string> environment)
    {
        string? unusable = null;
        return new UpstreamProxies(Proxy("https_proxy"), Proxy("http_proxy"),
            [.. (Variable("no_proxy") ?? "").Split([',', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)]) { Unusable = unusable };

        string? Variable(string name) => Value(name) ?? Value(name.ToUpperInvariant());
        string? Value(string name) => environment.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        UpstreamProxy? Proxy(string name)
        {
            if (Variable(name) is not { } value) return null;
            var proxy = Parse(value);
            if (proxy is null) unusable ??= name;
            return proxy;
        }
    }

    /// <summary>The proxy for a host; null: directly.</summary>
    public UpstreamProxy? For(string host, bool https) => Exceptions.Any(exception => Excepts(exception, host)) ? null : https ? Https : Http;

    private static bool Excepts(string exception, string host)
    {
        if (exception == "*") return true;
        var name = exception.TrimStart('*').TrimStart('.').Split(':')[0];
        return host.Equals(name, StringComparison.OrdinalIgnoreCase) || host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
    }

    private static UpstreamProxy? Parse(string text)
    {
        var withScheme = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (!Uri.TryCreate(withScheme, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp || !HostName.TryNormalize(uri.Host, out var host))
            return null;
        var user = Uri.UnescapeDataString(uri.UserInfo);
        return new(host, uri.Port, user.Length == 0 ? null : "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
    }
}
