using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Git;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Branches;

/// <summary>Lands changes on branches, and takes them back. The move of the ref is the commit point; the journal says before what it will be.</summary>
internal sealed class BranchLander(GitProgram git, GitPlace place, CommitWriter writer, CodebaseCapture capture, ObjectStore objects, BranchJournal journal, AuditTrailService audit)
{
    private readonly BranchName names = new(git, place);
    private readonly GitPlace lasting = CommitWriter.Lasting(place);

    public BranchLanding? Find(ContextId context) => journal.Find(context);

    /// <summary>The branch's commit; null when there is no such branch.</summary>
    public async Task<string?> TipAsync(string branch, CancellationToken cancellation)
    {
        var answer = await git.RunAsync(place, ["rev-parse", "--verify", "--quiet", "--end-of-options", BranchName.Ref(branch) + "^{commit}"], cancellation: cancellation);
        return answer.Succeeded ? answer.Text : null;
    }

    /// <summary>A commit's whole tree, its modes as git knows them: the same on every machine.</summary>
    public async Task<CapturedTree> CaptureAsync(string commit, CancellationToken cancellation) => await capture.CaptureCommitAsync(commit, objects, null, cancellation);

    public Task<Finding?> WhyNotAsync(string branch, CancellationToken cancellation) => names.WhyNotAsync(branch, cancellation);

    /// <summary>Brings a validated change onto a branch, as one commit.</summary>
    public async Task<BranchOutcome> LandAsync(BranchRequest request, CancellationToken cancellation)
    {
        if (await names.WhyNotAsync(request.Branch, cancellation) is { } refused) return new BranchOutcome.Refused(refused);
        var tip = await TipAsync(request.Branch, cancellation);
        if (tip is not null && tip != request.Base) return new BranchOutcome.Moved();
        var commit = await writer.WriteAsync(request.Base, request.Changes, request.Message, cancellation);
        var made = (await CaptureAsync(commit, cancellation)).Tree;
        if (made.Hash != request.ResultTree) return new BranchOutcome.Refused(NotWhatWasValidated(request, commit));
        cancellation.ThrowIfCancellationRequested();
        var landing = journal.Prepare(new(request.Context, request.Branch, tip, commit, BranchLandingState.Prepared, null, request.Actor, default, default));
        if (await MoveAsync(request.Branch, tip, commit, $"tars: {request.Context}") is { } why)
        {
            Settle(landing, BranchLandingState.Discarded, null, "branch-discarded");
            return await TipAsync(request.Branch, CancellationToken.None) == tip
                ? new BranchOutcome.Refused(new(Severity.Error, "branch/refused", $"git does not move the branch '{request.Branch}': {why}", Remedy: "Mend the cause, or land on another branch."))
                : new BranchOutcome.Moved();
        }
        Settle(landing, BranchLandingState.Landed, null, "branch-landed");
        return new BranchOutcome.Landed(commit);
    }

    /// <summary>
    /// Takes a landing back: the branch goes back to where it was when nothing came on top of it, else it gets a commit that undoes it.
    /// </summary>
    public async Task<RollbackOutcome> UndoAsync(BranchLanding landing, RollbackRequest request, CancellationToken cancellation)
    {
        if (landing.State != BranchLandingState.Landed) return new RollbackOutcome.NothingToUndo($"{landing.Context} has nothing on the branch '{landing.Branch}' any more.");
        if (await names.WhyNotAsync(landing.Branch, cancellation) is { } refused) return new RollbackOutcome.Refused([refused]);
        var tip = await TipAsync(landing.Branch, cancellation);
        if (tip is null) return new RollbackOutcome.NothingToUndo($"The branch '{landing.Branch}' is gone.");
        var change = await ChangeOfAsync(landing, cancellation);
        if (tip == landing.After) return await GoBackAsync(landing, request.Actor, change);
        if (!await ContainsAsync(tip, landing.After, cancellation)) return new RollbackOutcome.NothingToUndo($"The branch '{landing.Branch}' no longer holds the commit {landing.After[..12]}.");
        var tree = (await CaptureAsync(tip, cancellation)).Tree;
        var inverse = await writer.MergedAsync(change.Inverse(), tree, request.Merged, cancellation);
        if (inverse.ConflictsWith(tree) is { Count: > 0 } clashes)
            return new RollbackOutcome.Conflicted([.. clashes.Select(c => new FileConflict(c.Path, c.Before, tree[c.Path], "a later commit of the branch changed it."))], []);
        var undo = await writer.WriteAsync(tip, inverse, $"Revert {landing.Context}\n\nThis takes back the commit {landing.After}.", cancellation);
        cancellation.ThrowIfCancellationRequested();
        var begun = journal.Advance(landing, BranchLandingState.Landed, undo, _ => { });
        return await MoveAsync(landing.Branch, tip, undo, $"tars: rollback of {landing.Context}") is { } why
            ? Refused(begun, why)
            : Done(begun, request.Actor, undo, change);
    }

    /// <summary>Whether a branch's commit has another one behind it, or is it.</summary>
    public async Task<bool> ContainsAsync(string tip, string commit, CancellationToken cancellation) =>
        (await git.RunAsync(place, ["merge-base", "--is-ancestor", commit, tip], cancellation: cancellation)).Succeeded;

    /// <summary>Notes how a landing ended, with an audit entry.</summary>
    public void Settle(BranchLanding landing, BranchLandingState state, string? undo, string action, string? actor = null) => journal.Advance(landing, state, undo, tx =>
        audit.Append(tx, new(action, actor ?? landing.Actor, landing.Context.ToString(), ("branch", landing.Branch), ("before", landing.Before ?? ""), ("after", landing.After), ("undo", undo ?? ""))));

    public IReadOnlyList<BranchLanding> Unsettled() => journal.Unsettled();

    private async Task<RollbackOutcome> GoBackAsync(BranchLanding landing, string actor, ChangeSet change)
    {
        // The undo that a ref's move back leaves behind is where it went.
        var begun = journal.Advance(landing, BranchLandingState.Landed, landing.Before ?? "", _ => { });
        return await MoveAsync(landing.Branch, landing.After, landing.Before, $"tars: rollback of {landing.Context}") is { } why ? Refused(begun, why) : Done(begun, actor, null, change);
    }

    private RollbackOutcome.BranchRolledBack Done(BranchLanding landing, string actor, string? undo, ChangeSet change)
    {
        Settle(landing, BranchLandingState.RolledBack, undo, "branch-rolled-back", actor);
        return new(landing.Branch, undo, change.Inverse());
    }

    private RollbackOutcome.Refused Refused(BranchLanding landing, string why)
    {
        journal.Advance(landing, BranchLandingState.Landed, null, _ => { });
        return new([new(Severity.Error, "branch/refused", $"git does not move the branch '{landing.Branch}': {why}", Remedy: "Somebody else moved it, or it can't be written; try again.")]);
    }

    private async Task<ChangeSet> ChangeOfAsync(BranchLanding landing, CancellationToken cancellation) =>
        ChangeSet.Between((await CaptureAsync(landing.After + "~1", cancellation)).Tree, (await CaptureAsync(landing.After, cancellation)).Tree);

    /// <summary>Null when it moved; else what git said. Only from where it is known to be.</summary>
    private async Task<string?> MoveAsync(string branch, string? from, string? to, string why)
    {
        string[] arguments = to is null
            ? ["update-ref", "-d", BranchName.Ref(branch), from!]
            : ["update-ref", "--create-reflog", "-m", why, BranchName.Ref(branch), to, from ?? new string('0', to.Length)];
        // Not to be cancelled half-way: the answer is what counts.
        var answer = await git.RunAsync(lasting, arguments, cancellation: CancellationToken.None);
        return answer.Succeeded ? null : answer.Error.Trim();
    }

    private static Finding NotWhatWasValidated(BranchRequest request, string commit) => new(
        Severity.Error, "branch/tree", $"What git made of the change of {request.Context} ({commit[..12]}) is not the tree that was validated; the branch was not moved.",
        Remedy: "This should not happen: please report it, with the repository's attributes.");
}
