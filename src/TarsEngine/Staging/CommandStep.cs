using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Staging;

/// <summary>Runs a command in a workspace of its own, in the sandbox; what stands on the workspace's disk afterwards is its change.</summary>
internal sealed class CommandStep(FileSystem files, ObjectStore objects, TreeContent content, WorkspaceFactory workspaces, TerminalExecutor terminal)
{
    private const int ShownLines = 10;

    /// <param name="Changes">Null when the command failed.</param>
    public sealed record Outcome(ChangeSet? Changes, IReadOnlyList<Finding> Findings);

    public async Task<Outcome> RunAsync(
        CommandAction action, TreeSnapshot tree, IgnoreRules rules, string name, bool keepFailed, Action<OutputLine> output, CancellationToken cancellation)
    {
        if (action.Folder is { } folder && !tree.Entries.Keys.Any(path => path.IsUnder(folder)))
            return new(null, [new(Severity.Error, "command/folder", $"The command is to run in '{folder}', and there is no such folder.", folder, Remedy: "Correct the step's folder.")]);
        using var workspace = workspaces.Create(tree, content, name);
        var command = new SandboxCommand(action.Arguments, action.Folder?.Value ?? "", action.Timeout, action.Environment);
        var result = await terminal.RunAsync(workspace, command, output, cancellation);
        if (!result.Succeeded)
        {
            workspace.Keep = keepFailed;
            return new(null, [Failure(command, result, workspace)]);
        }
        var ignored = await rules.IgnoredAsync(NewPaths(workspace.Folder, tree), cancellation);
        var reading = workspace.ReadChanges(tree, objects, ignored.Contains);
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
            if (RepositoryPath.TryParse(candidate, out var parsed, out _) && File.Exists(Path.Combine(workspace.Folder, parsed.Value))) return parsed;
        }
        return null;
    }

    /// <summary>Everything in the workspace that was not put in, for the ignore rules.</summary>
    private List<RepositoryPath> NewPaths(string folder, TreeSnapshot tree)
    {
        using var root = files.OpenRoot(folder);
        var found = new List<RepositoryPath>();
        var folders = new Stack<RepositoryPath?>([null]);
        while (folders.TryPop(out var at))
        {
            using var directory = Open(root, at);
            if (directory is null) continue;
            foreach (var name in files.List(directory))
            {
                if (!RepositoryPath.TryParse(at is null ? name : at.Value.Value + "/" + name, out var path, out _) || path.IsMetadata) continue;
                if (files.Stat(directory, name) is { Kind: NodeKind.Directory }) folders.Push(path);
                else if (tree[path] is null) found.Add(path);
            }
        }
        return found;
    }

    private DirectoryHandle? Open(DirectoryHandle root, RepositoryPath? path)
    {
        try
        {
            return files.OpenDirectory(root, path);
        }
        catch (FileSystemException failure) when (failure.Error == Errno.AccessDenied)
        {
            return null; // The command took the permission from its own folder; reading the change gives it back, and ignores nothing there.
        }
    }
}
