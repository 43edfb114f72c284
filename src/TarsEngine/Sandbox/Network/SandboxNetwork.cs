using System.Globalization;
using TarsEngine.Permissions;

namespace TarsEngine.Sandbox.Network;

/// <summary>
/// The network of one command: its own empty network namespace, and in it listening sockets on loopback whose other side is our
/// proxy, in this process. They are made inside before the command starts, and handed out; nothing else leads out.
/// </summary>
internal sealed class SandboxNetwork : IAsyncDisposable
{
    private readonly NetworkProxy proxy;
    private readonly SandboxPaths paths;
    private readonly IReadOnlyList<CredentialRoute> routes;

    private SandboxNetwork(SandboxCommand command, SandboxPaths paths, NetworkSettings settings)
    {
        this.paths = paths;
        routes = command.Credentials;
        proxy = new(command.Network ?? NetworkAccess.None, settings, command.OnConnection);
    }

    /// <summary>Null for a command without a network.</summary>
    /// <exception cref="SandboxUnavailableException">This host lacks what it takes.</exception>
    public static SandboxNetwork? For(SandboxCommand command, SandboxPaths paths, NetworkSettings settings)
    {
        if (!IsNeeded(command)) return null;
        if (command.Credentials.Count > NetworkVariables.MostRoutes)
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"At most {NetworkVariables.MostRoutes} hosts can have credentials."), nameof(command));
        // The text itself may hold a password.
        if (settings.Upstream.Unusable is { } variable)
            throw new SandboxUnavailableException($"the variable '{variable}' names no proxy that can be used.", "Give it as http://host:port; other kinds of proxies (https, socks) are not supported.");
        NamespaceListeners.Require(paths);
        return new(command, paths, settings);
    }

    public static bool IsNeeded(SandboxCommand command) => command.Credentials.Count > 0 || command.Network?.Hosts.Any(rule => rule.Decide == Decision.Allow) == true;

    /// <summary>Opens it for a sandbox that stands and is held back.</summary>
    /// <param name="firstProcess">Its first process.</param>
    public void Open(int firstProcess)
    {
        var ports = Enumerable.Range(NetworkVariables.ProxyPort, routes.Count + 1).ToList();
        var sockets = NamespaceListeners.Open(paths, firstProcess, ports);
        proxy.Listen(sockets[0]);
        for (var i = 0; i < routes.Count; i++) proxy.Listen(sockets[i + 1], routes[i]);
    }

    public ValueTask DisposeAsync() => proxy.DisposeAsync();
}
