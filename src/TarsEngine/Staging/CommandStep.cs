using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Sandbox;
using TarsEngine.Terminal.Failures;

namespace TarsEngine.Staging;

/// <summary>A step that runs a command: as far as policy allows it, and without more network than that allows.</summary>
internal sealed class CommandStep(StepProgram program)
{
    public async Task<StepOutcome> RunAsync(CommandAction action, StepGround ground, CancellationToken cancellation)
    {
        var permission = CommandPermission.Check(action, ground.Policy.Commands);
        if (permission is { Severity: Severity.Error }) return StepOutcome.Failed(permission);
        if (action.Folder is { } folder && !ground.Tree.Entries.Keys.Any(path => path.IsUnder(folder)))
            return StepOutcome.Failed(new(Severity.Error, "command/folder", $"The command is to run in '{folder}', and there is no such folder.", folder, Remedy: "Correct the step's folder."));
        var arguments = ground.Policy.Commands.Pinned(action.Arguments);
        var command = new SandboxCommand(arguments, action.Folder?.Value ?? "", action.Timeout, action.Environment) { Network = ground.Policy.Network };
        var outcome = await program.RunAsync(ground, ground.Tree, _ => command, Explain, null, cancellation);
        return permission is null ? outcome : outcome with { Findings = [permission, .. outcome.Findings] };
    }

    private static Finding Explain(StepProgram.ProgramFailure failed)
    {
        var failure = FailureClassifier.Classify(failed.Result)!;
        // How it ended is said anyway; what its output tells besides comes behind it.
        var told = failure is ExitFailure or SignalFailure or TimeoutFailure or LimitFailure or MemoryFailure { Place: null } ? "" : $" {failure}.";
        var path = failure.Place is { IsOwn: true } place ? InWorkspace(failed.Workspace, failed.Command.WorkingFolder, place.Path) : null;
        return new(
            Severity.Error, $"command/{failure.Kind}", $"'{failed.Command}' failed: {failed.Result.Ending}.{told}{failed.LastLines()}", path, path is null ? null : failure.Place?.Line, failed.Remedy);
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
