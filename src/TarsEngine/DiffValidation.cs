using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Git;
using TarsEngine.Journey;
using TarsEngine.Permissions;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Validation;

namespace TarsEngine;

/// <summary>The verdict on a diff that nobody proposed yet. No improvement is made of it, and the codebase is only read.</summary>
public sealed class DiffValidation
{
    private const string Head = "HEAD";
    private readonly Codebase codebase;

    internal DiffValidation(Codebase codebase) => this.codebase = codebase;

    /// <summary>What the working tree is beside the last commit.</summary>
    /// <exception cref="GitException">There is no git repository.</exception>
    /// <exception cref="SandboxUnavailableException">Nothing could be run; there is no verdict.</exception>
    public async Task<DiffAnswer> WorkingTreeAsync(ValidationDepth depth, Action<ExecutionEvent> events, CancellationToken cancellation = default)
    {
        var captured = await codebase.Capture.CaptureAsync(cancellation);
        var basis = await LastCommitAsync(captured.Tree, cancellation);
        if (basis.Entries.Count > 0) basis = await codebase.Capture.AsCheckedOutAsync(Head, basis, captured.Tree, cancellation);
        // What could not be captured is not deleted.
        var leftOut = captured.LeftOut.Select(left => left.Path).OfType<RepositoryPath>().ToList();
        var changes = new ChangeSet(ChangeSet.Between(basis, captured.Tree).Where(change => !leftOut.Exists(left => change.Path == left || change.Path.IsUnder(left))));
        return changes.IsEmpty ? new DiffEmpty("The working tree is as the last commit has it.") : await JudgeAsync(basis, changes, depth, events, cancellation);
    }

    /// <summary>What is staged for the next commit.</summary>
    /// <param name="indexFile">The index that a hook is given; null for the repository's own. Absolute.</param>
    /// <exception cref="GitException">There is no git repository, or the index holds unmerged files.</exception>
    /// <exception cref="SandboxUnavailableException">Nothing could be run; there is no verdict.</exception>
    public async Task<DiffAnswer> StagedAsync(string? indexFile, ValidationDepth depth, Action<ExecutionEvent> events, CancellationToken cancellation = default)
    {
        var basis = await LastCommitAsync(TreeSnapshot.Empty, cancellation);
        var staged = await codebase.Capture.CaptureIndexAsync(codebase.Objects, TreeSnapshot.Empty, indexFile, cancellation);
        var changes = ChangeSet.Between(basis, staged.Tree);
        return changes.IsEmpty ? new DiffEmpty("Nothing is staged.") : await JudgeAsync(basis, changes, depth, events, cancellation);
    }

    /// <summary>A patch on the codebase as it is or, where it does not fit that, on its last commit.</summary>
    /// <param name="patch">As 'git diff --binary' writes it.</param>
    /// <exception cref="SandboxUnavailableException">Nothing could be run; there is no verdict.</exception>
    public async Task<DiffAnswer> PatchAsync(byte[] patch, ValidationDepth depth, Action<ExecutionEvent> events, CancellationToken cancellation = default) =>
        // What 'git diff' says where nothing differs.
        patch.Length == 0 ? new DiffEmpty("The patch is empty.") : await new PatchOnCodebase(codebase).ApplyAsync(patch, cancellation) switch
        {
            PatchFits { Changes.IsEmpty: true } => new DiffEmpty("The codebase is already as this patch would make it."),
            PatchFits fits => await JudgeAsync(fits.Tree, fits.Changes, depth, events, cancellation),
            PatchUnreadable unreadable => new DiffUnreadable(unreadable.Problems, unreadable.IsDenied),
            PatchMisfits misfits => new DiffMisfits(misfits.Findings),
            var other => throw new InvalidOperationException(other.ToString()),
        };

    // Before the first commit, everything is new.
    private async Task<TreeSnapshot> LastCommitAsync(TreeSnapshot workingTree, CancellationToken cancellation)
    {
        // Where there is no git at all, the capture says so.
        return codebase.HasGit && await codebase.Capture.ResolveCommitAsync(Head, cancellation) is null
            ? TreeSnapshot.Empty
            : (await codebase.Capture.CaptureCommitAsync(Head, codebase.Objects, workingTree, cancellation)).Tree;
    }

    private async Task<DiffAnswer> JudgeAsync(TreeSnapshot basis, ChangeSet changes, ValidationDepth depth, Action<ExecutionEvent> events, CancellationToken cancellation)
    {
        using var trial = LoneRun.Start(codebase.State, "validate");
        var policy = codebase.ConfigurationFor(basis);
        var permitted = new PermissionManager(codebase.Content.Read).Check(changes, basis, policy.Configuration.Permissions);
        var isDenied = permitted.Any(finding => finding.Severity == Severity.Error);
        var request = new ValidationRequest(basis, changes, policy.Configuration, trial.Name)
        {
            // As in a run: of what policy denies, nothing is run.
            Depth = isDenied && depth > ValidationDepth.Quality ? ValidationDepth.Quality : depth,
            Notices = policy.Notices,
            Ignored = depth > ValidationDepth.Quality ? codebase.Capture.RulesOf(basis, codebase.Content) : null,
        };
        var verdict = await codebase.Validator.ValidateAsync(request, events, cancellation);
        Finding[] findings = [.. permitted, .. verdict.Findings];
        return new DiffJudged(changes, verdict with { Findings = findings, Outcome = Verdict.OutcomeOf(findings) }, isDenied);
    }
}
