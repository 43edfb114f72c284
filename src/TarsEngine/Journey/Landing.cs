using TarsEngine.Branches;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Validation;

namespace TarsEngine.Journey;

/// <summary>
/// Brings a validated change into the codebase. Only a combination that was tested lands: when the codebase moved since, the change
/// is put on top of what is there now, permitted and validated again.
/// </summary>
internal sealed class Landing(Codebase codebase, ExecutionStages stages)
{
    // Each round was overtaken by someone else's edit; a person should look rather than a machine try for ever.
    private const int Rounds = 5;

    // What earlier commits displaced stays this long: an editor may still hold one of those files open.
    private static readonly TimeSpan Displaced = TimeSpan.FromDays(1);

    public async Task<ExecutionOutcome> LandAsync(ExecutionRun run, StagedChange staged, Verdict verdict)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var tree = await stages.CaptureAsync(run, commit: null);
            if (tree.Tree.Hash != verdict.BaseTree || verdict.IsPartial)
            {
                staged = new(run.Conditions.Renew(staged.Parts, tree.Tree), staged.Findings);
                var again = await RebaseAsync(run, staged, tree, verdict);
                if (again.Stop is { } stopped) return stopped;
                verdict = again.Value;
                if (verdict.Outcome != VerdictOutcome.Pass) return new ExecutionOutcome.Held(run.Id, verdict);
            }
            await run.EnterAsync(ContextState.Committing, "commit");
            if (run.Options.Land == LandingPlace.Branch)
            {
                if (await LandOnBranchAsync(run, staged, verdict, tree) is { } landed) return landed;
                continue;
            }
            var request = new CommitRequest(run.Id, staged.Parts, verdict.BaseTree, run.Actor) { Backup = run.Options.Backup };
            switch (codebase.Transactions.Commit(request, CaptureNow, run.Cancellation))
            {
                case CommitOutcome.Committed done:
                    codebase.Transactions.CollectStage(Displaced);
                    return new ExecutionOutcome.Landed(run.Id, done.Transactions, verdict);
                case CommitOutcome.Conflicted conflicted:
                    return new ExecutionOutcome.Conflicted(run.Id, conflicted.Conflicts);
                case CommitOutcome.Refused refused:
                    run.Found(refused.Findings);
                    return new ExecutionOutcome.Failed(run.Id, "the commit", refused.Findings);
                case CommitOutcome.NothingToCommit:
                    return new ExecutionOutcome.NothingToDo(run.Id, "The codebase is already as this improvement would make it.");
                case CommitOutcome.TreeMoved:
                    run.Happened(new LogWritten(LogLevel.Info, "The codebase moved in the instant of the commit; the change is validated again on what is there now."));
                    break;
            }
        }
        Finding[] restless = [new(Severity.Error, "commit/restless", $"The codebase changed during each of {Rounds} attempts to land.", Remedy: "Approve again when nobody edits it.")];
        return new ExecutionOutcome.Failed(run.Id, "the commit", restless);
    }

    /// <summary>Null when the branch moved meanwhile.</summary>
    private async Task<ExecutionOutcome?> LandOnBranchAsync(ExecutionRun run, StagedChange staged, Verdict verdict, BaseTree tree)
    {
        var (branch, message) = (run.Options.Branch!, run.Options.Message ?? run.Improvement.Title);
        switch (await codebase.Branches!.LandAsync(new(run.Id, branch, tree.Commit!, staged.Net, verdict.ResultTree, message, run.Actor), run.Cancellation))
        {
            case BranchOutcome.Landed landed:
                return new ExecutionOutcome.Landed(run.Id, [], verdict) { Commit = new(branch, landed.Commit) };
            case BranchOutcome.Refused refused:
                run.Found([refused.Finding]);
                return new ExecutionOutcome.Failed(run.Id, "the commit", [refused.Finding]);
            default:
                run.Happened(new LogWritten(LogLevel.Info, $"The branch '{branch}' moved in the instant of the commit; the change is validated again on what is there now."));
                return null;
        }
    }

    /// <summary>What the change expects, against what stands there.</summary>
    public static IReadOnlyList<FileConflict> Conflicts(ChangeSet change, TreeSnapshot tree) =>
        [.. change.ConflictsWith(tree).Select(c => new FileConflict(c.Path, c.Before, tree[c.Path], Explain(c, tree[c.Path])))];

    private async Task<Stage<Verdict>> RebaseAsync(ExecutionRun run, StagedChange staged, BaseTree tree, Verdict verdict)
    {
        run.Happened(new LogWritten(LogLevel.Info, tree.Tree.Hash != verdict.BaseTree
            ? "The codebase moved since the change was validated: it is validated again on what is there now."
            : "Only some of the tests were run: all of them are run before it lands."));
        if (Conflicts(staged.Net, tree.Tree) is { Count: > 0 } conflicts) return new ExecutionOutcome.Conflicted(run.Id, conflicts);
        var permitted = stages.Permit(run, staged, tree);
        if (permitted.Stop is { } denied) return denied;
        return await stages.ValidateAsync(run, staged, permitted.Value, tree, tests: null);
    }

    private TreeSnapshot CaptureNow() => codebase.Capture.CaptureAsync().GetAwaiter().GetResult().Tree;

    private static string Explain(FileChange change, FileState? found) => (change.Before, found) switch
    {
        (null, _) => "the change creates it, and it is there already.",
        (_, null) => "the change was made for a file that is no longer there.",
        var (expected, now) when expected.Hash == now.Hash => $"its permissions are {Convert.ToString(now.Mode, 8)}, the change expects {Convert.ToString(expected.Mode, 8)}.",
        var (expected, now) => $"it was edited since: its content is {now.Hash.Hex[..12]}, the change expects {expected.Hash.Hex[..12]}.",
    };
}
