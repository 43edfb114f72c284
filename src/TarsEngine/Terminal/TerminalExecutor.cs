using TarsEngine.Sandbox;
using TarsEngine.Storage;

namespace TarsEngine.Terminal;

/// <summary>Runs a command in a workspace inside the sandbox, and streams what it says line by line.</summary>
public sealed class TerminalExecutor(SafeExecutionEnvironment environment, StateFolder state, OutputLimits? limits = null)
{
    private readonly OutputLimits limits = limits ?? new();

    /// <summary>Where commands find the workspace's codebase; what they print names it.</summary>
    public Task<string> CodebaseOfAsync(Workspace workspace, CancellationToken cancellation) => environment.CodebaseOfAsync(workspace, cancellation);

    /// <summary>When this returns or throws, no process of the command is left. A non-zero end is a value.</summary>
    /// <param name="listener">Gets each line as it comes, on a thread of the command's own; what it throws ends the command and surfaces.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    public Task<CommandResult> RunAsync(
        Workspace workspace, SandboxCommand command, Action<OutputLine>? listener = null, CancellationToken cancellation = default)
        => RunAsync(workspace, command, listener, everyLine: null, cancellation);

    /// <param name="everyLine">Gets each line as well, whole, and with no bound on how much it is in all; lines of over 64 Ki characters are left out.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    internal async Task<CommandResult> RunAsync(
        Workspace workspace, SandboxCommand command, Action<OutputLine>? listener, Action<string>? everyLine, CancellationToken cancellation)
    {
        using var log = new CommandLog(state.Logs, workspace.Name, limits.LogBytes);
        var streamer = new OutputStreamer(log, limits, listener, everyLine);
        var result = await environment.RunAsync(workspace, command, streamer.AddOutput, streamer.AddError, cancellation);
        streamer.End();
        return new(result.ExitCode, result.Signal, result.TimedOut, result.Duration, streamer.Tail, streamer.Truncated, log.Path, result.LimitReached);
    }

    /// <summary>Runs a program of ours that answers on its standard output, byte by byte as it comes; what it says besides is logged.</summary>
    internal async Task<SandboxResult> ConverseAsync(Workspace workspace, SandboxCommand command, Processes.ChildOutput answers, CancellationToken cancellation)
    {
        using var log = new CommandLog(state.Logs, workspace.Name, limits.LogBytes);
        var streamer = new OutputStreamer(log, limits, listener: null);
        try
        {
            return await environment.RunAsync(workspace, command, answers, streamer.AddError, cancellation);
        }
        finally
        {
            streamer.End();
        }
    }
}
