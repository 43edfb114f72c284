using TarsEngine.Changes;
using TarsEngine.Improvements;
using TarsEngine.Processes;
using TarsEngine.Sandbox;

namespace TarsEngine.Journey;

/// <summary>What one command did on a copy of the codebase.</summary>
/// <param name="Changes">What it would have changed in the codebase, without what the ignore rules name.</param>
/// <param name="Findings">What no change can carry.</param>
/// <param name="KeptIn">The copy, where it was to be kept.</param>
public sealed record SandboxTrialResult(SandboxResult Run, ChangeSet Changes, IReadOnlyList<Finding> Findings, string? KeptIn);

/// <summary>Runs one command of the user's on a copy of the codebase in the sandbox. The codebase itself is only read.</summary>
public sealed class SandboxTrial
{
    private readonly Codebase codebase;

    internal SandboxTrial(Codebase codebase) => this.codebase = codebase;

    /// <param name="command">Its working folder is relative to the codebase.</param>
    /// <param name="keep">Leaves the copy for a look; nothing removes it then.</param>
    /// <exception cref="SandboxUnavailableException">The sandbox can't be enforced; nothing ran.</exception>
    public async Task<SandboxTrialResult> RunAsync(SandboxCommand command, ChildOutput output, ChildOutput error, bool keep, CancellationToken cancellation)
    {
        using var run = LoneRun.Start(codebase.State, "trial");
        var name = keep ? "kept-" + Guid.NewGuid().ToString("n")[..12] : run.Name;
        var captured = await codebase.Capture.CaptureAsync(cancellation);
        var policy = codebase.ConfigurationFor(captured.Tree).Configuration.Permissions;
        var visible = policy.Paths.Visible(captured.Tree).Tree;
        using var workspace = codebase.Workspaces.Create(visible, codebase.Content, name, new(visible, WithRepository: visible.Hash == captured.Tree.Hash));
        workspace.Keep = keep;
        // As an improvement's own command would have it.
        command = command with { Network = command.Network ?? policy.Network };
        var result = await codebase.Sandbox.RunAsync(workspace, command, output, error, cancellation);
        var reading = await workspace.ReadChangesAsync(codebase.Objects, codebase.Capture.RulesOf(visible, codebase.Content), cancellation);
        codebase.Database.Write("record a sandboxed command", tx => codebase.Audit.Append(tx, new(
            "command-sandboxed", codebase.Options.Actor, name, ("command", command.ToString()), ("ending", Ending(result)), ("changed", reading.Changes.Hash.ToString()))));
        return new(result, reading.Changes, reading.Findings, keep ? workspace.Folder : null);
    }

    /// <summary>A change as a git patch.</summary>
    public Task<byte[]> ToPatchAsync(ChangeSet changes, CancellationToken cancellation) =>
        new PatchWriter(codebase.Git, codebase.Files, codebase.State.Workspaces, codebase.Content).WriteAsync(changes, cancellation);

    private static string Ending(SandboxResult result) =>
        $"{(result.ExitCode is { } code ? $"exit code {code}" : $"signal {result.Signal}")}{(result.LimitReached == SandboxLimit.None ? "" : $", limit: {result.LimitReached}")}";
}
