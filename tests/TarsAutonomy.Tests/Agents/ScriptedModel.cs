using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace TarsAutonomy.Tests.Agents;

/// <summary>
/// A model without a mind: a server on loopback that speaks the Responses protocol as a stream of events, and answers with one command
/// after the other, then with a last word.
/// </summary>
internal sealed class ScriptedModel : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource ended = new();
    private readonly Queue<string> commands;
    private readonly Task serving;
    private int calls;

    public ScriptedModel(params string[] commands)
    {
        this.commands = new(commands);
        listener.Start();
        serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>Every request: its head, and its body.</summary>
    public ConcurrentQueue<(string Head, string Body)> Requests { get; } = [];

    /// <summary>What the commands wrote, as the agent handed it on.</summary>
    public ConcurrentQueue<string> Outputs { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        listener.Stop();
        await serving;
        ended.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(ended.Token);
                await AnswerAsync(client.GetStream());
            }
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Nobody asks any more.
        }
    }

    private async Task AnswerAsync(NetworkStream stream)
    {
        var (head, body) = await ReadAsync(stream);
        if (head.Length == 0) return;
        Requests.Enqueue((head, body));
        if (!head.StartsWith("POST /v1/responses ", StringComparison.Ordinal))
        {
            await stream.WriteAsync("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{}"u8.ToArray(), ended.Token);
            return;
        }
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"u8.ToArray(), ended.Token);
        var id = string.Create(CultureInfo.InvariantCulture, $"resp-{++calls}");
        await SendAsync(stream, new JsonObject { ["type"] = "response.created", ["response"] = new JsonObject { ["id"] = id } });
        await SendAsync(stream, new JsonObject { ["type"] = "response.output_item.done", ["output_index"] = 0, ["item"] = Next(JsonNode.Parse(body)!) });
        var usage = new JsonObject { ["input_tokens"] = 1000, ["input_tokens_details"] = null, ["output_tokens"] = 10, ["output_tokens_details"] = null, ["total_tokens"] = 1010 };
        await SendAsync(stream, new JsonObject { ["type"] = "response.completed", ["response"] = new JsonObject { ["id"] = id, ["usage"] = usage } });
        await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), ended.Token);
    }

    private JsonObject Next(JsonNode request)
    {
        var last = request["input"]!.AsArray().LastOrDefault(item => (string?)item!["type"] is "function_call_output");
        var output = last?["output"] is JsonValue text ? text.GetValue<string>() : last?["output"]?.ToJsonString() ?? "";
        if (last is not null && (string?)last["call_id"] == CallId(calls - 1)) Outputs.Enqueue(output);
        // A command that takes longer goes on by itself, and is asked for.
        if (output.Contains("Process running with session ID ", StringComparison.Ordinal))
        {
            var session = new string([.. output[(output.IndexOf("session ID ", StringComparison.Ordinal) + 11)..].TakeWhile(char.IsAsciiDigit)]);
            return Call("write_stdin", new() { ["session_id"] = int.Parse(session, CultureInfo.InvariantCulture), ["chars"] = "", ["yield_time_ms"] = 30_000 });
        }
        if (!commands.TryDequeue(out var command)) return new() { ["type"] = "message", ["role"] = "assistant", ["id"] = "msg-1", ["content"] = new JsonArray(new JsonObject { ["type"] = "output_text", ["text"] = "All done." }) };
        var tools = request["tools"]!.AsArray().Select(tool => (string?)tool!["name"]).ToList();
        return tools.Contains("exec_command") ? Call("exec_command", new() { ["cmd"] = command, ["yield_time_ms"] = 30_000, ["max_output_tokens"] = 100_000 })
            : tools.Contains("shell_command") ? Call("shell_command", new() { ["command"] = command, ["timeout_ms"] = 120_000 })
            : Call("shell", new() { ["command"] = new JsonArray("bash", "-c", command), ["timeout_ms"] = 120_000 });
    }

    private JsonObject Call(string name, JsonObject arguments) =>
        new() { ["type"] = "function_call", ["call_id"] = CallId(calls), ["name"] = name, ["arguments"] = arguments.ToJsonString() };

    private static string CallId(int number) => string.Create(CultureInfo.InvariantCulture, $"call-{number}");

    // Each event is a chunk of its own, as a model streams them.
    private async Task SendAsync(NetworkStream stream, JsonObject what)
    {
        var bytes = Encoding.UTF8.GetBytes($"event: {what["type"]}\ndata: {what.ToJsonString(JsonSerializerOptions.Default)}\n\n");
        await stream.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes($"{bytes.Length:x}\r\n"), .. bytes, .. "\r\n"u8], ended.Token);
        await stream.FlushAsync(ended.Token);
    }

    private async Task<(string Head, string Body)> ReadAsync(NetworkStream stream)
    {
        var text = new List<byte>();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var whole = Encoding.Latin1.GetString([.. text]);
            var end = whole.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (end >= 0)
            {
                var at = whole.IndexOf("content-length: ", StringComparison.OrdinalIgnoreCase);
                var length = at < 0 || at > end ? 0 : int.Parse(whole[(at + 16)..whole.IndexOf('\r', at)], CultureInfo.InvariantCulture);
                if (text.Count >= end + 4 + length) return (whole[..end], Encoding.UTF8.GetString([.. text.Skip(end + 4).Take(length)]));
            }
            if (await stream.ReadAsync(buffer, ended.Token) is not (> 0 and var count)) return ("", "");
            text.AddRange(buffer.AsSpan(0, count));
        }
    }
}
