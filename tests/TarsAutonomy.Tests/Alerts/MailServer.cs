using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TarsAutonomy.Tests.Alerts;

/// <summary>A tiny mail server on this machine's loopback: it takes every letter, and keeps the lines that it was told.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly string greeting;
    private readonly Task serving;

    /// <param name="refuses">It turns every recipient away.</param>
    public MailServer(bool refuses = false, string greeting = "220 here")
    {
        (Refuses, this.greeting) = (refuses, greeting);
        listener.Start();
        serving = ServeAsync();
    }

    public bool Refuses { get; set; }
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Commands, in order.</summary>
    public ConcurrentQueue<string> Commands { get; } = [];

    /// <summary>Letters with their headers.</summary>
    public ConcurrentQueue<string> Letters { get; } = [];

    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await serving;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await listener.AcceptTcpClientAsync());
        }
        catch (SocketException)
        {
            // Stopped.
        }
    }

    private async Task TalkAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
                await using var writer = new StreamWriter(client.GetStream(), new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
                await writer.WriteLineAsync(greeting);
                while (await reader.ReadLineAsync() is { } line)
                {
                    Commands.Enqueue(line);
                    await writer.WriteLineAsync(await AnswerAsync(line, reader, writer));
                }
            }
            catch (IOException)
            {
                // The client went away.
            }
        }
    }

    private async Task<string> AnswerAsync(string line, StreamReader reader, StreamWriter writer)
    {
        if (line.StartsWith("EHLO", StringComparison.Ordinal)) return "250-here\r\n250 AUTH LOGIN";
        if (line.StartsWith("AUTH LOGIN", StringComparison.OrdinalIgnoreCase))
        {
            await writer.WriteLineAsync("334 UGFzc3dvcmQ6");
            Commands.Enqueue(await reader.ReadLineAsync() ?? "");
            return "235 welcome";
        }
        if (line.StartsWith("RCPT", StringComparison.Ordinal) && Refuses) return "550 no such person";
        if (line != "DATA") return "250 fine";
        await writer.WriteLineAsync("354 go on");
        var letter = new StringBuilder();
        while (await reader.ReadLineAsync() is { } part and not ".") letter.Append(part).Append('\n');
        Letters.Enqueue(letter.ToString());
        return "250 taken";
    }
}
