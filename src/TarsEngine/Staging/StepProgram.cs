using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;

namespace TarsEngine.Staging;

/// <summary>Runs the program of a step in a workspace of its own, in the sandbox; what stands on the workspace's disk afterwards is its change.</summary>
internal sealed class StepProgram(ObjectStore objects, TreeContent content, WorkspaceFactory workspaces, TerminalExecutor terminal)
{
    private const int ShownLines = 10;

    /// <summary>Of every tree that a step can begin from.</summary>
    public TreeContent Content => content;

    /// <param name="tree">What the program finds; its change is the difference to that.</param>
    /// <param name="prepare">Says what to run, once the workspace stands.</param>
    /// <param name="explain">Says why it failed.</param>
    /// <param name="everyLine">Gets each line of its output, also those beyond what is handed on.</param>
    public async Task<StepOutcome> RunAsync(
        StepGround ground, TreeSnapshot tree, Func<Workspace, SandboxCommand> prepare, Func<ProgramFailure, Finding> explain,
        Action<string>? everyLine, CancellationToken cancellation)
    {
        using var workspace = workspaces.Create(tree, content, ground.Name, ground.Basis);
        var command = prepare(workspace) with { OnConnection = ground.Connected };
        var result = await terminal.RunAsync(workspace, command, ground.Output, everyLine, cancellation);
        if (!result.Succeeded)
        {
            workspace.Keep = ground.KeepFailed;
            return StepOutcome.Failed(explain(new(command, result, workspace)));
        }
        var reading = await workspace.ReadChangesAsync(objects, ground.Ignored, cancellation);
        return new(reading.Changes, reading.Findings);
    }

    /// <summary>A program that ended badly.</summary>
    internal sealed record ProgramFailure(SandboxCommand Command, CommandResult Result, Workspace Workspace)
    {
        /// <summary>Its last lines, each on a line of its own.</summary>
        /// <param name="most">Characters of one line.</param>
        public string LastLines(int most = int.MaxValue) =>
            string.Concat(Result.Tail.TakeLast(ShownLines).Select(line => "\n  " + (line.Text.Length <= most ? line.Text : line.Text[..most] + "…")));

        /// <summary>Where the rest can be seen.</summary>
        public string Remedy => $"The whole output is in '{Result.LogFile}'." + (Workspace.Keep ? $" The workspace is kept in '{Workspace.Folder}'." : "");
    }
}
