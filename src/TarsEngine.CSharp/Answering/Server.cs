using System.Diagnostics;
using System.Text.Json;
using TarsEngine.CSharp.Compiling;
using TarsEngine.CSharp.Recording;

namespace TarsEngine.CSharp.Answering;

/// <summary>Answers requests, a line each, until there are no more.</summary>
internal sealed class Server(string root, CommandsFile commands)
{
    private readonly ProjectSet projects = new(root, commands.Invocations);

    public void Run(Stream input, Stream output)
    {
        var baselines = new Baselines(projects);
        using var reader = new StreamReader(input);
        while (reader.ReadLine() is { } line)
        {
            var started = Stopwatch.GetTimestamp();
            var request = JsonSerializer.Deserialize(line, ProtocolContext.Default.Request)!;
            var answer = Answer(request, baselines, started);
            output.Write([.. JsonSerializer.SerializeToUtf8Bytes(answer, ProtocolContext.Default.Answer), (byte)'\n']);
            output.Flush();
        }
    }

    private Answer Answer(Request request, Baselines baselines, long started)
    {
        try
        {
            var (messages, compiled) = new ChangeCheck(projects, baselines, request).Run();
            return Of(messages.Any(message => message.IsError) ? AnswerStatus.Broken : AnswerStatus.Clean, null, messages, compiled);
        }
        catch (UnsureException unsure)
        {
            return Of(AnswerStatus.Unsure, unsure.Message, [], []);
        }

        Answer Of(AnswerStatus status, string? reason, IReadOnlyList<Message> messages, IReadOnlyList<string> compiled) =>
            new(request.Id, status, reason, messages, compiled, Stopwatch.GetElapsedTime(started).TotalMilliseconds, Environment.WorkingSet);
    }
}
