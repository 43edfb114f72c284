using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Journey;
using TarsEngine.Planning;
using TarsEngine.Sandbox;

namespace TarsEngine;

/// <summary>Whether a commit passes its own checks, before any change is tried on it. What was tried before is remembered.</summary>
public sealed class BaseCheck
{
    private readonly Codebase codebase;

    internal BaseCheck(Codebase codebase) => this.codebase = codebase;

    /// <summary>Everything that is red or can't be run, as errors; empty when all of it is green.</summary>
    /// <param name="commit">Its full id, or a name such as HEAD.</param>
    /// <exception cref="GitException">There is no git, or no such commit.</exception>
    /// <exception cref="SandboxUnavailableException">Nothing could be run.</exception>
    public async Task<IReadOnlyList<Finding>> RunAsync(string commit, RunConditions conditions, Action<ExecutionEvent> events, CancellationToken cancellation = default)
    {
        var tree = (await codebase.Capture.CaptureCommitAsync(commit, codebase.Objects, null, cancellation)).Tree;
        var policy = codebase.ConfigurationFor(tree).Configuration;
        using var trial = LoneRun.Start(codebase.State, "validate");
        return await codebase.Validator.CheckBaseAsync(
            new(tree, ChangeSet.Empty, policy with { ExtraChecks = [.. policy.ExtraChecks, .. conditions.Checks] }, trial.Name) { Ignored = codebase.Capture.RulesOf(tree, codebase.Content) },
            events, cancellation);
    }

    /// <summary>The commit of a branch and its files or, where there is no such branch, of another commit.</summary>
    /// <exception cref="GitException">There is no git, or no such commit.</exception>
    public async Task<(string Commit, TreeSnapshot Tree)> ReadTipAsync(string branch, string otherwise, CancellationToken cancellation = default)
    {
        var commit = codebase.Branches is null ? otherwise : await codebase.Branches.TipAsync(branch, cancellation) ?? otherwise;
        return (commit, await ReadAsync(commit, cancellation));
    }

    /// <summary>The full id of a commit; null when there is none by that name.</summary>
    public Task<string?> ResolveAsync(string name, CancellationToken cancellation = default) => codebase.Capture.ResolveCommitAsync(name, cancellation);

    /// <summary>A commit's files, with their contents at hand.</summary>
    /// <exception cref="GitException">There is no git, or no such commit.</exception>
    public async Task<TreeSnapshot> ReadAsync(string commit, CancellationToken cancellation = default) =>
        (await codebase.Capture.CaptureCommitAsync(commit, codebase.Objects, null, cancellation)).Tree;
}
