using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Storage;

namespace TarsEngine;

/// <summary>What policy would say to a patch: it is applied to the codebase in memory, and the change that comes of it is looked at.</summary>
public sealed class PatchPermission
{
    private const string Misfit = "It fits neither the codebase as it is now nor its last commit.";

    private readonly Codebase codebase;

    internal PatchPermission(Codebase codebase) => this.codebase = codebase;

    /// <param name="patch">As 'git diff --binary' writes it.</param>
    public async Task<PatchPermissionResult> CheckAsync(byte[] patch, CancellationToken cancellation = default)
    {
        switch (PatchReader.Read(new MemoryStream(patch)))
        {
            case PatchRead read:
                return await DecideAsync(CanonicalPatch.Of(patch, read), cancellation);
            case PatchRefused refused:
                return new PatchNotReadable([.. refused.Problems.Select(p => p.ToString())], refused.Problems.All(p => p.IsDenied));
            case PatchEmpty empty:
                return new PatchNotReadable([empty.Explanation], false);
            case var other:
                throw new InvalidOperationException(other.ToString());
        }
    }

    // 'git diff' gives a patch on the last commit, which the files already have.
    private async Task<PatchPermissionResult> DecideAsync(ReadOnlyMemory<byte> canonical, CancellationToken cancellation)
    {
        var tree = (await codebase.Capture.CaptureAsync(cancellation)).Tree;
        var said = await DecideAsync(canonical, tree, cancellation);
        if (said is not null || codebase.Location.Git is null || await codebase.Capture.ResolveCommitAsync("HEAD", cancellation) is null) return said ?? new PatchNotReadable([Misfit], false);
        var commit = await codebase.Capture.CaptureCommitAsync("HEAD", codebase.Objects, tree, cancellation);
        return await DecideAsync(canonical, commit.Tree, cancellation) ?? new PatchNotReadable([Misfit], false);
    }

    private async Task<PatchPermissionResult?> DecideAsync(ReadOnlyMemory<byte> canonical, TreeSnapshot tree, CancellationToken cancellation)
    {
        var policy = codebase.ConfigurationFor(tree).Configuration.Permissions;
        var step = new ExecutionStep("patch", new PatchAction(codebase.Objects.Put(canonical.Span), canonical.Length), [], "patch", [], new("patch", null));
        var request = new StagingRequest(
            new(new ImprovementId(1), [step]), new VirtualFileSystem(tree, codebase.Content, codebase.Objects), codebase.Capture.RulesOf(tree, codebase.Content), "policy-check");
        return await codebase.Steps.RunAsync(request, cancellation) is not Staged staged ? null : new PatchDecided(
            [.. staged.Net.Select(change => (change, policy.Paths.Decide(change.Path, PathPolicy.AccessOf(change))))],
            new PermissionManager(codebase.Content.Read).Check(staged.Net, tree, policy));
    }
}

/// <summary>What policy says to a patch.</summary>
public abstract record PatchPermissionResult;

/// <param name="Paths">Each path with what the rules say to it.</param>
/// <param name="Findings">These and what modes, links and sizes say; errors deny, holds are for a person.</param>
public sealed record PatchDecided(IReadOnlyList<(FileChange Change, PolicyDecision Decision)> Paths, IReadOnlyList<Finding> Findings) : PatchPermissionResult
{
    public Decision Decision => Findings.Select(f => f.Severity).DefaultIfEmpty(Severity.Info).Max() switch
    {
        Severity.Error => Decision.Deny,
        Severity.Hold => Decision.Review,
        _ => Decision.Allow,
    };
}

/// <param name="IsDenied">It can be read well, and asks for what no patch may.</param>
public sealed record PatchNotReadable(IReadOnlyList<string> Problems, bool IsDenied) : PatchPermissionResult;
