using System.Globalization;
using System.Text;

namespace TarsEngine.Sandbox.Network;

/// <summary>A body in chunks, read strictly and written anew: what follows its end is never sent on.</summary>
internal static class ChunkedBody
{
    private const int MostLine = 64;

    /// <exception cref="InvalidDataException">It is not in the one form that every server reads alike.</exception>
    public static async Task SendAsync(ClientReader client, Stream host, Relay relay)
    {
        while (true)
        {
            var size = ReadSize(await client.ReadLineAsync(MostLine, relay.Ended));
            if (size == 0) break;
            await relay.WriteAsync(host, Encoding.ASCII.GetBytes(size.ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
            await relay.SendAsync(client, host, size);
            await ReadEmptyLineAsync(client, relay);
            await relay.WriteAsync(host, "\r\n"u8.ToArray());
        }
        // Trailers are headers that nobody checked.
        await ReadEmptyLineAsync(client, relay);
        await relay.WriteAsync(host, "0\r\n\r\n"u8.ToArray());
    }

    private static long ReadSize(string? line) =>
        line is { Length: > 0 and <= 15 } && line.All(char.IsAsciiHexDigit) ? long.Parse(line, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
        : throw new InvalidDataException("A chunk does not begin with its size alone.");

    private static async Task ReadEmptyLineAsync(ClientReader client, Relay relay)
    {
        if (await client.ReadLineAsync(MostLine, relay.Ended) is not "") throw new InvalidDataException("A chunk does not end where it should, or trailers follow.");
    }
}
