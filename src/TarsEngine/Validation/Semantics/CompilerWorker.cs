using System.IO.Pipes;
using System.Text.Json;
using TarsEngine.CSharp.Answering;
using TarsEngine.Sandbox;
using TarsEngine.Terminal;

namespace TarsEngine.Validation.Semantics;

/// <summary>
/// One running worker and the workspace that it reads. What comes from it is bounded in size and time, and believed no further than
/// to refuse early or to say nothing.
/// </summary>
internal sealed class CompilerWorker : IAsyncDisposable
{
    private const int MostAnswerBytes = 8 * 1024 * 1024;
    private static readonly TimeSpan life = TimeSpan.FromHours(1), grace = TimeSpan.FromSeconds(2);

    private readonly Workspace workspace;
    private readonly TimeProvider clock;
    private readonly AnonymousPipeServerStream requests = new(PipeDirection.Out);
    private readonly CancellationTokenSource ending = new();
    private readonly MemoryStream line = new();
    private readonly Task run;
    private TaskCompletionSource<byte[]?> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long asked;

    /// <param name="workspace">Shows what was built of its tree; from then on it is the worker's.</param>
    public CompilerWorker(TerminalExecutor terminal, Workspace workspace, TimeProvider clock) : this(terminal, workspace, WorkerProgram.Serve(workspace.Tree.Hash, life), clock)
    {
    }

    /// <param name="command">What is run as the worker.</param>
    internal CompilerWorker(TerminalExecutor terminal, Workspace workspace, SandboxCommand command, TimeProvider clock)
    {
        (this.workspace, this.clock) = (workspace, clock);
        run = RunAsync(terminal, command with { LiveInput = requests.ClientSafePipeHandle });
    }

    /// <summary>False once it has ended, or failed to answer.</summary>
    public bool IsAlive { get; private set; } = true;

    /// <summary>Null when it gave no answer that can be read, in that time.</summary>
    public async Task<Answer?> AskAsync(Request request, TimeSpan time, CancellationToken cancellation)
    {
        request = request with { Id = ++asked };
        answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (run.IsCompleted) return null;
        // A worker that reads nothing fills the pipe: that must not hold us up.
        _ = Task.Run(() => Send([.. JsonSerializer.SerializeToUtf8Bytes(request, ProtocolContext.Default.Request), (byte)'\n']), CancellationToken.None);
        try
        {
            if (await answer.Task.WaitAsync(time, clock, cancellation) is { } bytes && Read(bytes) is { } read && read.Id == request.Id) return read;
        }
        catch (TimeoutException)
        {
            // It hangs; nobody asks it again.
        }
        IsAlive = false;
        return null;
    }

    public async ValueTask DisposeAsync()
    {
        IsAlive = false;
        // The end of its input is its sign to go.
        requests.Dispose();
        try
        {
            await run.WaitAsync(grace, clock);
        }
        catch (TimeoutException)
        {
            await ending.CancelAsync();
            await run;
        }
        ending.Dispose();
        workspace.Dispose();
    }

    private async Task RunAsync(TerminalExecutor terminal, SandboxCommand command)
    {
        try
        {
            await terminal.ConverseAsync(workspace, command, Take, ending.Token);
        }
        catch (OperationCanceledException)
        {
            // By us, at the end.
        }
        catch (SandboxUnavailableException)
        {
            // Whoever builds next says so.
        }
        finally
        {
            IsAlive = false;
            requests.DisposeLocalCopyOfClientHandle();
            answer.TrySetResult(null);
        }
    }

    private void Send(byte[] bytes)
    {
        try
        {
            requests.Write(bytes);
        }
        catch (Exception gone) when (gone is IOException or ObjectDisposedException)
        {
            // It ended: its answer won't come.
        }
    }

    // On the sandbox's own thread.
    private void Take(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)'\n');
        line.Write(end < 0 ? bytes : bytes[..end]);
        if (end < 0 && line.Length <= MostAnswerBytes) return;
        // Nothing may follow an answer: the next one is not asked for yet.
        answer.TrySetResult(end == bytes.Length - 1 && line.Length <= MostAnswerBytes ? line.ToArray() : null);
        line.SetLength(0);
    }

    private static Answer? Read(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, ProtocolContext.Default.Answer);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
