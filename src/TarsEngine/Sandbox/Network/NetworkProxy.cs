using System.Net.Sockets;
using TarsEngine.Permissions;

namespace TarsEngine.Sandbox.Network;

/// <summary>The proxy of one command: takes its connections, a bounded number at once, until it is disposed.</summary>
internal sealed class NetworkProxy : IAsyncDisposable
{
    private readonly NetworkSettings settings;
    private readonly Dialer dialer;
    private readonly ConnectionLedger ledger;
    private readonly SemaphoreSlim room;
    private readonly CancellationTokenSource ended = new();
    private readonly List<Task> listening = [];
    private readonly List<Socket> sockets = [];

    public NetworkProxy(NetworkAccess access, NetworkSettings settings, Action<SandboxConnection>? listener)
    {
        this.settings = settings;
        dialer = new(access, settings);
        ledger = new(settings, listener);
        room = new(settings.Limits.Connections);
    }

    /// <param name="socket">A listening socket, which is ours from now on.</param>
    /// <param name="route">Set for the listener of a host with a credential.</param>
    public void Listen(Socket socket, CredentialRoute? route = null)
    {
        sockets.Add(socket);
        listening.Add(AcceptAsync(socket, route));
    }

    /// <summary>Ends every connection, and tells what was only counted.</summary>
    /// <exception cref="Exception">What telling of a connection threw.</exception>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        try
        {
            await Task.WhenAll(listening);
            ledger.Finish();
        }
        finally
        {
            foreach (var socket in sockets) socket.Dispose();
            room.Dispose();
            ended.Dispose();
        }
    }

    private async Task AcceptAsync(Socket socket, CredentialRoute? route)
    {
        var open = new HashSet<Task>();
        var done = new List<Task>();
        try
        {
            while (true)
            {
                // Beyond the bound they wait in the kernel's own queue: a flood of them costs the host nothing.
                await room.WaitAsync(ended.Token);
                Socket client;
                try
                {
                    client = await socket.AcceptAsync(ended.Token);
                }
                catch
                {
                    room.Release();
                    throw;
                }
                open.Add(ServeAsync(client, route));
                done.AddRange(open.Where(task => task.IsCompleted));
                foreach (var task in done) open.Remove(task);
                // One that failed in earnest surfaces at the end.
                done.RemoveAll(task => task.IsCompletedSuccessfully);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            await Task.WhenAll(open.Concat(done));
        }
    }

    private async Task ServeAsync(Socket client, CredentialRoute? route)
    {
        await Task.Yield();
        try
        {
            using (client)
            {
                client.NoDelay = true;
                await new ProxyConnection(client, route, dialer, ledger, settings).RunAsync(ended.Token);
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
        }
        finally
        {
            room.Release();
        }
    }
}
