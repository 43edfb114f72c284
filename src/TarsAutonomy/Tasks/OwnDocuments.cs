using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Journey;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;
using TarsEngine.Validation;

namespace TarsAutonomy.Tasks;

/// <summary>
/// Writes the documents that guide the night, on a person's own command: through the same commit protocol as every change, as a context of its
/// own. So a kill leaves all or nothing, what somebody else edited meanwhile is a conflict, and 'execute rollback' takes it back. Nothing is
/// built or tested for it, and the verdict says so: the person who typed the command is the review.
/// </summary>
public static class OwnDocuments
{
    private const int PlainMode = 0b110_100_100;

    /// <param name="contents">What each path becomes.</param>
    /// <param name="expected">What each path holds now, as it was read; null for a file that isn't there.</param>
    public static async Task<ExecutionOutcome> WriteAsync(
        Codebase codebase, string title, IReadOnlyDictionary<RepositoryPath, byte[]> contents, IReadOnlyDictionary<RepositoryPath, byte[]?> expected, CancellationToken cancellation = default)
    {
        var edits = contents.Select(c => Edit(c.Key, c.Value, expected[c.Key])).ToList();
        var proposal = new ImprovementProposal(
            title, "", ImprovementProposal.DefaultCategory, ImprovementPriority.Medium, "manual",
            [new StepDefinition("edits", new EditAction(edits), [], null, StepDefinition.DefaultTransaction, [])], null,
            contents.Values.DistinctBy(bytes => ContentHash.Of(bytes)).ToDictionary(bytes => ContentHash.Of(bytes)));
        var improvement = codebase.Improvements.Add(proposal, codebase.Options.Actor).Improvement;
        var started = new RunStarter(codebase).Begin(improvement.Id, new ExecutionOptions(), RunConditions.None, cancellation);
        if (started.Stop is { } notStarted) return notStarted;
        using var run = started.Value;
        return await run.SettleAsync(() => CommitAsync(codebase, run, contents, expected));
    }

    private static FileEdit Edit(RepositoryPath path, byte[] bytes, byte[]? before) => before is null
        ? new CreateEdit(path, ContentHash.Of(bytes), bytes.Length)
        : new ReplaceEdit(path, ContentHash.Of(bytes), bytes.Length, Expected: ContentHash.Of(before));

    private static async Task<ExecutionOutcome> CommitAsync(
        Codebase codebase, ExecutionRun run, IReadOnlyDictionary<RepositoryPath, byte[]> contents, IReadOnlyDictionary<RepositoryPath, byte[]?> expected)
    {
        var tree = (await codebase.Capture.CaptureAsync(run.Cancellation)).Tree;
        var changes = new ChangeSet(contents.Select(c =>
        {
            var mode = tree[c.Key]?.Mode ?? PlainMode;
            return new FileChange(c.Key, expected[c.Key] is { } bytes ? State(bytes, mode) : null, State(c.Value, mode));
        }));
        NamedChange[] parts = [new(StepDefinition.DefaultTransaction, changes)];
        if (Landing.Conflicts(changes, tree) is { Count: > 0 } conflicts) return new ExecutionOutcome.Conflicted(run.Id, conflicts);
        var verdict = new Verdict(VerdictOutcome.Pass, [], null, null, tree.Hash, changes.ApplyTo(tree).Hash, TimeSpan.Zero, Proven: false);
        run.Keep(parts, verdict);
        await run.EnterAsync(ContextState.Committing, "commit");
        return codebase.Transactions.Commit(new(run.Id, parts, null, run.Actor), null, run.Cancellation) switch
        {
            CommitOutcome.Committed done => new ExecutionOutcome.Landed(run.Id, done.Transactions, verdict),
            CommitOutcome.Conflicted conflicted => new ExecutionOutcome.Conflicted(run.Id, conflicted.Conflicts),
            CommitOutcome.Refused refused => new ExecutionOutcome.Failed(run.Id, "the commit", refused.Findings),
            CommitOutcome.NothingToCommit => new ExecutionOutcome.NothingToDo(run.Id, "The documents are so already."),
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    private static FileState State(byte[] bytes, int mode) => new(EntryKind.File, mode, ContentHash.Of(bytes), bytes.Length);
}
