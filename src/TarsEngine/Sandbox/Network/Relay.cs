using System.Net.Sockets;

namespace TarsEngine.Sandbox.Network;

/// <summary>Moves bytes between a client and a host, counts them, and ends when nothing moves for too long.</summary>
internal sealed class Relay : IDisposable
{
    private const int BufferSize = 64 * 1024;
    private readonly CancellationTokenSource idle;
    private readonly TimeSpan idleTime;
    private long sent, received;

    public Relay(TimeSpan idleTime, CancellationToken cancellation)
    {
        this.idleTime = idleTime;
        idle = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Moved();
    }

    /// <summary>Out of the sandbox.</summary>
    public long Sent => Interlocked.Read(ref sent);

    /// <summary>Into the sandbox.</summary>
    public long Received => Interlocked.Read(ref received);

    public CancellationToken Ended => idle.Token;

    public void Cancel() => idle.Cancel();

    /// <summary>Both ways until the host ends, or both have ended.</summary>
    public async Task TunnelAsync(ClientReader reader, Socket client, Socket host)
    {
        await using var stream = new NetworkStream(host, ownsSocket: false);
        var up = UpAsync();
        try
        {
            await DownAsync(stream, client);
        }
        finally
        {
            Cancel();
            await Settled(up);
        }

        async Task UpAsync()
        {
            try
            {
                await SendAsync(reader, stream, count: null);
                host.Shutdown(SocketShutdown.Send);
            }
            catch (Exception failure) when (failure is SocketException or IOException)
            {
                // The client is gone for good: nobody is left to read the answer.
                Cancel();
            }
        }
    }

    /// <summary>The host's answer, to its end.</summary>
    public async Task DownAsync(Stream host, Socket client)
    {
        var buffer = new byte[BufferSize];
        while (await host.ReadAsync(buffer, Ended) is var count and > 0)
        {
            Moved();
            for (var done = 0; done < count;) done += await client.SendAsync(buffer.AsMemory(done, count - done), Ended);
            Interlocked.Add(ref received, count);
            Moved();
        }
    }

    /// <summary>From the client to the host.</summary>
    /// <param name="count">So many bytes exactly; null: all to the client's end.</param>
    /// <exception cref="EndOfStreamException">The client ended before.</exception>
    public async Task SendAsync(ClientReader client, Stream host, long? count)
    {
        var buffer = new byte[BufferSize];
        for (var left = count ?? long.MaxValue; left > 0;)
        {
            var some = await client.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), Ended);
            if (some == 0 && count is not null) throw new EndOfStreamException("The client ended before its request did.");
            if (some == 0) return;
            await WriteAsync(host, buffer.AsMemory(0, some));
            left -= some;
        }
    }

    public async Task WriteAsync(Stream host, ReadOnlyMemory<byte> bytes)
    {
        Moved();
        await host.WriteAsync(bytes, Ended);
        Interlocked.Add(ref sent, bytes.Length);
        Moved();
    }

    /// <summary>Waits for a copy whose way of ending no longer matters.</summary>
    public static async Task Settled(Task copy) => await copy.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    public void Dispose() => idle.Dispose();

    private void Moved() => idle.CancelAfter(idleTime);
}
