using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Storage;

namespace TarsEngine.Journey;

/// <summary>What a patch comes to on the codebase, in memory.</summary>
internal abstract record PatchOutcome;

/// <summary>The change that it makes on a tree: the codebase's as it is, or its last commit's.</summary>
internal sealed record PatchFits(TreeSnapshot Tree, ChangeSet Changes) : PatchOutcome;

/// <param name="IsDenied">It can be read well, and asks for what no patch may.</param>
internal sealed record PatchUnreadable(IReadOnlyList<string> Problems, bool IsDenied) : PatchOutcome;

/// <param name="Findings">Why it doesn't fit the codebase as it is.</param>
internal sealed record PatchMisfits(IReadOnlyList<Finding> Findings) : PatchOutcome;

/// <summary>Applies a patch to the codebase in memory; where it does not fit that, to its last commit: 'git diff' gives a patch on that, which the files already have.</summary>
internal sealed class PatchOnCodebase(Codebase codebase)
{
    /// <param name="patch">As 'git diff --binary' writes it.</param>
    public async Task<PatchOutcome> ApplyAsync(byte[] patch, CancellationToken cancellation)
    {
        switch (PatchReader.Read(new MemoryStream(patch)))
        {
            case PatchRead read:
                return await OnCodebaseAsync(CanonicalPatch.Of(patch, read), cancellation);
            case PatchRefused refused:
                return new PatchUnreadable([.. refused.Problems.Select(p => p.ToString())], refused.Problems.All(p => p.IsDenied));
            case PatchEmpty empty:
                return new PatchUnreadable([empty.Explanation], false);
            case var other:
                throw new InvalidOperationException(other.ToString());
        }
    }

    private async Task<PatchOutcome> OnCodebaseAsync(byte[] canonical, CancellationToken cancellation)
    {
        var tree = (await codebase.Capture.CaptureAsync(cancellation)).Tree;
        var onTree = await OnTreeAsync(canonical, tree, cancellation);
        if (onTree is PatchFits || codebase.Location.Git is null || await codebase.Capture.ResolveCommitAsync("HEAD", cancellation) is null) return onTree;
        var commit = await codebase.Capture.CaptureCommitAsync("HEAD", codebase.Objects, tree, cancellation);
        return await OnTreeAsync(canonical, commit.Tree, cancellation) is PatchFits fits ? fits : onTree;
    }

    private async Task<PatchOutcome> OnTreeAsync(byte[] canonical, TreeSnapshot tree, CancellationToken cancellation)
    {
        var step = new ExecutionStep("patch", new PatchAction(codebase.Objects.Put(canonical), canonical.Length), [], "patch", [], new("patch", null));
        var request = new StagingRequest(
            new(new ImprovementId(1), [step]), new VirtualFileSystem(tree, codebase.Content, codebase.Objects), codebase.Capture.RulesOf(tree, codebase.Content), "patch-check");
        return await codebase.Steps.RunAsync(request, cancellation) switch
        {
            Staged staged => new PatchFits(tree, staged.Net),
            StepFailed failed => new PatchMisfits(failed.Findings),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }
}
