using TarsEngine.Sandbox;
using TarsEngine.Terminal;

namespace TarsEngine.Validation.Semantics;

/// <summary>Has builds tell how they called the C# compiler, so that the worker can answer for them later.</summary>
internal sealed class BuildRecorder(TerminalExecutor terminal)
{
    /// <summary>What a build needs in its environment to tell.</summary>
    public IReadOnlyDictionary<string, string> Around(Workspace workspace, IReadOnlyDictionary<string, string> environment) =>
        WorkerProgram.Serves(workspace) ? new Dictionary<string, string>([WorkerProgram.Logging, .. environment], StringComparer.Ordinal) : environment;

    /// <summary>After the builds and before anything else runs. When it fails nothing is lost but time: later changes are built to be judged.</summary>
    public async Task RecordAsync(Workspace workspace, CancellationToken cancellation)
    {
        if (!WorkerProgram.Serves(workspace) || !WorkerProgram.HasLog(workspace)) return;
        await terminal.RunAsync(workspace, WorkerProgram.Record(workspace.Tree.Hash), listener: null, cancellation);
    }
}
