using System.Net.Sockets;

namespace TarsEngine.Sandbox.Network;

/// <summary>What a client sends, with what was read too far kept for the next reader.</summary>
internal sealed class ClientReader(Socket client)
{
    private byte[] buffer = new byte[4096];
    private int start, end;

    /// <summary>The head up to its empty line; empty when the client ended before; null when it is longer than <paramref name="most"/>.</summary>
    public async Task<byte[]?> ReadHeadAsync(int most, CancellationToken cancellation)
    {
        var searched = 0;
        while (true)
        {
            var found = buffer.AsSpan(start + searched, end - start - searched).IndexOf("\r\n\r\n"u8);
            if (found >= 0 && searched + found + 4 <= most) return Take(searched + found + 4);
            if (found >= 0 || end - start >= most) return null;
            searched = Math.Max(0, end - start - 3);
            if (!await FillAsync(cancellation)) return [];
        }
    }

    /// <summary>A line without its CR LF; null when it is longer than <paramref name="most"/>, ends otherwise, or does not end.</summary>
    public async Task<string?> ReadLineAsync(int most, CancellationToken cancellation)
    {
        while (true)
        {
            var found = buffer.AsSpan(start, end - start).IndexOf((byte)'\n');
            if (found >= 0)
            {
                var line = System.Text.Encoding.Latin1.GetString(Take(found + 1));
                return found >= 1 && line[^2] == '\r' && found <= most ? line[..^2] : null;
            }
            if (end - start > most || !await FillAsync(cancellation)) return null;
        }
    }

    /// <summary>Zero at the client's end.</summary>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellation)
    {
        if (start == end) return await client.ReceiveAsync(into, cancellation);
        var count = Math.Min(into.Length, end - start);
        buffer.AsSpan(start, count).CopyTo(into.Span);
        start += count;
        return count;
    }

    private async Task<bool> FillAsync(CancellationToken cancellation)
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            (start, end) = (0, end - start);
        }
        if (end == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
        var count = await client.ReceiveAsync(buffer.AsMemory(end), cancellation);
        end += count;
        return count > 0;
    }

    private byte[] Take(int count)
    {
        var taken = buffer[start..(start + count)];
        start += count;
        return taken;
    }
}
