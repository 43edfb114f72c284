namespace TarsEngine.Sandbox.Network;

/// <summary>What a client asks the proxy for.</summary>
/// <param name="Path">For a request that is sent on: its path; null for a tunnel.</param>
internal sealed record ProxyRequest(ConnectionKind Kind, Authority To, string? Path)
{
    /// <summary>Null, with the reason, for what is not allowed to be asked, whoever the host is.</summary>
    /// <param name="route">Set where the client speaks to a host with a credential.</param>
    public static ProxyRequest? Read(RequestHead head, CredentialRoute? route, out string problem)
    {
        problem = "";
        if (route is not null) return OfRoute(head, route, ref problem);
        if (head.Method == "CONNECT") return OfTunnel(head, ref problem);
        if (Authority.ParseHttp(head.Target) is not var (to, path))
            return Fail("The request is not for 'http://host/path' without user information; https goes by CONNECT.", ref problem);
        // The text itself is not repeated: paths and user information hold secrets. An answer to TRACE repeats what others added on the way.
        if (head.Method == "TRACE") return Fail("TRACE is not sent on.", ref problem);
        if (!head.IsVersion10 && head.Host is null) return Fail("'Host' is missing.", ref problem);
        if (head.Host is { } host && Authority.Parse(host, 80) != to) return Fail($"'Host: {Short(host)}' is another host than the request's own.", ref problem);
        return new(ConnectionKind.Http, to, path);
    }

    private static ProxyRequest? OfTunnel(RequestHead head, ref string problem)
    {
        if (Authority.Parse(head.Target, usualPort: null) is not { } to) return Fail("CONNECT is not followed by 'host:port' in a form that can be read in one way only.", ref problem);
        if (head.IsChunked || head.ContentLength is > 0) return Fail("CONNECT has no body.", ref problem);
        if (head.Host is { } host && Authority.Parse(host, to.Port) != to) return Fail($"'Host: {Short(host)}' is another host than the request's own.", ref problem);
        return new(ConnectionKind.Tunnel, to, null);
    }

    private static ProxyRequest? OfRoute(RequestHead head, CredentialRoute route, ref string problem)
    {
        if (!head.Target.StartsWith('/')) return Fail("Only a path is taken here: the host is fixed.", ref problem);
        if (head.Method is "TRACE" or "CONNECT") return Fail($"{head.Method} is not sent on.", ref problem);
        return new(ConnectionKind.Credential, new(route.Host, route.Port), head.Target);
    }

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;

    private static ProxyRequest? Fail(string reason, ref string problem)
    {
        problem = reason;
        return null;
    }
}
