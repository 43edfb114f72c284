using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Permissions;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Network;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Staging;

/// <summary>Runs a command in a workspace of its own, in the sandbox; what stands on the workspace's disk afterwards is its change.</summary>
internal sealed class CommandStep(ObjectStore objects, TreeContent content, WorkspaceFactory workspaces, TerminalExecutor terminal)
{
    private const int ShownLines = 10;

    /// <param name="Changes">Null when the command failed.</param>
    public sealed record Outcome(ChangeSet? Changes, IReadOnlyList<Finding> Findings);

    public async Task<Outcome> RunAsync(
        CommandAction action, WorkspaceBasis basis, TreeSnapshot tree, IgnoreRules rules, string name, bool keepFailed, Action<OutputLine> output,
        NetworkAccess network, Action<SandboxConnection> connected, CancellationToken cancellation)
    {
        if (action.Folder is { } folder && !tree.Entries.Keys.Any(path => path.IsUnder(folder)))
            return new(null, [new(Severity.Error, "command/folder", $"The command is to run in '{folder}', and there is no such folder.", folder, Remedy: "Correct the step's folder.")]);
        using var workspace = workspaces.Create(tree, content, name, basis);
        var command = new SandboxCommand(action.Arguments, action.Folder?.Value ?? "", action.Timeout, action.Environment) { Network = network, OnConnection = connected };
        var result = await terminal.RunAsync(workspace, command, output, cancellation);
        if (!result.Succeeded)
        {
            workspace.Keep = keepFailed;
            return new(null, [Failure(command, result, workspace)]);
        }
        var reading = await workspace.ReadChangesAsync(objects, rules, cancellation);
        return new(reading.Changes, reading.Findings);
    }

    private static Finding Failure(SandboxCommand command, CommandResult result, Workspace workspace)
    {
        var failure = FailureClassifier.Classify(result)!;
        // How it ended is said anyway; what its output tells besides comes behind it.
        var told = failure is ExitFailure or SignalFailure or TimeoutFailure or LimitFailure or MemoryFailure { Place: null } ? "" : $" {failure}.";
        var lines = result.Tail.TakeLast(ShownLines).Select(line => "\n  " + line.Text);
        var remedy = $"The whole output is in '{result.LogFile}'." + (workspace.Keep ? $" The workspace is kept in '{workspace.Folder}'." : "");
        var path = failure.Place is { IsOwn: true } place ? InWorkspace(workspace, command.WorkingFolder, place.Path) : null;
        return new(Severity.Error, $"command/{failure.Kind}", $"'{command}' failed: {result.Ending}.{told}{string.Concat(lines)}", path, path is null ? null : failure.Place?.Line, remedy);
    }

    /// <summary>Tools name files from where they run, or whole; what isn't there isn't meant.</summary>
    private static RepositoryPath? InWorkspace(Workspace workspace, string folder, string path)
    {
        foreach (var candidate in (string[])[Path.Combine(folder, path), path])
        {
            if (RepositoryPath.TryParse(candidate, out var parsed, out _) && workspace.Tree[parsed] is not null) return parsed;
        }
        return null;
    }
}
