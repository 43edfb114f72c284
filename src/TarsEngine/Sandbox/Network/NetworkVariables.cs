using System.Globalization;

namespace TarsEngine.Sandbox.Network;

/// <summary>What programs inside need to know to find the proxy. The ports are always the same: each sandbox has its own loopback.</summary>
internal static class NetworkVariables
{
    public const int ProxyPort = 29070;
    public const int MostRoutes = 32;
    private const string Certificates = "/etc/ssl/certs/ca-certificates.crt";

    public static IEnumerable<(string Name, string Value)> Of(SandboxCommand command)
    {
        if (!SandboxNetwork.IsNeeded(command)) yield break;
        var proxy = Url(ProxyPort);
        const string direct = "localhost,127.0.0.1,::1,box";
        foreach (var name in (string[])["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "npm_config_proxy", "npm_config_https_proxy"]) yield return (name, proxy);
        foreach (var name in (string[])["NO_PROXY", "no_proxy", "npm_config_noproxy"]) yield return (name, direct);
        // node's own fetch asks for this before it heeds the others.
        yield return ("NODE_USE_ENV_PROXY", "1");
        // Lists of revoked certificates lie on hosts that nobody allowed.
        yield return ("NUGET_CERT_REVOCATION_MODE", "offline");
        if (File.Exists(Certificates))
        {
            // These bring their own list of authorities; what the host trusts decides.
            foreach (var name in (string[])["NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE"]) yield return (name, Certificates);
        }
        for (var i = 0; i < command.Credentials.Count; i++) yield return (command.Credentials[i].Variable, Url(ProxyPort + 1 + i) + command.Credentials[i].BasePath);
    }

    private static string Url(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
}
