using System.Globalization;
using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>
/// Brings changes into the codebase, whole or not at all, whatever happens: a kill, a power loss, a full disk, another program
/// that saves a file in the same instant. The order of its steps is the commit protocol; each step says which.
/// </summary>
public sealed class TransactionManager
{
    internal const string LockName = "commit";
    private readonly FileSystem files;
    private readonly string codebaseRoot;
    private readonly StateFolder state;
    private readonly ObjectStore objects;
    private readonly AuditTrailService audit;
    private readonly CommitJournal journal;
    private readonly FileBackupService backups;
    private readonly StageCollector collector;

    /// <param name="codebaseRoot">Absolute.</param>
    public TransactionManager(
        FileSystem files, string codebaseRoot, StateFolder state, StateDatabase database, ObjectStore objects, AuditTrailService audit, TimeProvider clock)
    {
        (this.files, this.codebaseRoot, this.state, this.objects, this.audit) = (files, codebaseRoot, state, objects, audit);
        journal = new(database);
        backups = new(files, objects);
        collector = new(files, state, journal, clock);
    }

    /// <summary>How long another commit on the same codebase is waited for.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Told when there is another commit to wait for.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>Who settles what an earlier command left, for the audit trail.</summary>
    public string RecoveryActor { get; init; } = "recovery";

    /// <summary>Brings a change into the codebase.</summary>
    /// <param name="captureTree">Captures the whole tree; asked under the lock, when the request expects a tree.</param>
    /// <param name="beforeCommitPoint">Cancels as long as nothing is decided; from the commit point on it is not looked at.</param>
    /// <exception cref="RecoveryNeededException">Begun, and neither finished nor undone: the next command settles it.</exception>
    /// <exception cref="ObjectCorruptException">A content to be written is damaged; nothing was changed.</exception>
    public CommitOutcome Commit(CommitRequest request, Func<TreeSnapshot>? captureTree, CancellationToken beforeCommitPoint)
    {
        if (request.ExpectedTree is not null && captureTree is null)
            throw new ArgumentException("A request that expects a tree needs a way to capture it.", nameof(captureTree));
        var net = request.Parts.Aggregate(ChangeSet.Empty, (sum, part) => sum.Then(part.Changes));
        if (net.IsEmpty) return new CommitOutcome.NothingToCommit();
        Recover();
        try
        {
            using var root = files.OpenRoot(codebaseRoot);
            using var folders = new HeldFolders(files, root);
            // 1: look at every target.
            var builder = new ManifestBuilder(files, folders, request, net);
            if (builder.Build() is not { } manifest)
                return builder.Findings.Count > 0 ? new CommitOutcome.Refused(builder.Findings) : new CommitOutcome.Conflicted(builder.Conflicts);
            beforeCommitPoint.ThrowIfCancellationRequested();
            using var stage = CommitStage.Create(files, state);
            return new Attempt(this, request, captureTree, folders, stage, manifest, beforeCommitPoint).Run();
        }
        catch (IOException error)
        {
            return new CommitOutcome.Refused([CommitFinisher.ToFinding(error)]);
        }
    }

    /// <summary>Settles whatever an interrupted command left. Harmless to repeat, and cheap when there is nothing to do.</summary>
    public RecoveryReport Recover()
    {
        var recovery = new Recovery(files, codebaseRoot, state, journal, audit, RecoveryActor);
        if (!recovery.HasWork()) return RecoveryReport.Nothing;
        using var held = state.Acquire(LockName, LockWait, Waiting);
        return recovery.Run();
    }

    /// <summary>Transactions, oldest first; those that never reached their commit point are left out.</summary>
    public IReadOnlyList<TransactionRecord> List(ContextId? context = null) =>
        [.. journal.Transactions().Where(t => context is null || t.Context == context)];

    public TransactionRecord? Get(TransactionId id) => journal.Transactions().FirstOrDefault(t => t.Id == id);

    /// <summary>Deletes displaced files of settled commits, unless a program still writes to one or has changed it since.</summary>
    public StageCollection CollectStage(TimeSpan olderThan) => collector.Collect(olderThan);

    internal Manifest ManifestOf(long commit) => journal.ReadManifest(commit);

    /// <summary>One commit on its way, from the staging on.</summary>
    private sealed class Attempt(
        TransactionManager owner, CommitRequest request, Func<TreeSnapshot>? captureTree, HeldFolders folders, CommitStage stage,
        Manifest manifest, CancellationToken beforeCommitPoint)
    {
        private CommitRow? row;

        public CommitOutcome Run()
        {
            CommitOutcome? refused;
            IReadOnlyList<TransactionId> transactions = [];
            FileLock? held = null;
            try
            {
                try
                {
                    // 2: stage, and make it durable before the lock is taken.
                    refused = Stage();
                    if (refused is null)
                    {
                        beforeCommitPoint.ThrowIfCancellationRequested();
                        // 3: PREPARED.
                        (row, transactions) = owner.journal.Prepare(request, manifest, stage.Name);
                        // 4: everything once more, under the lock; recovery first.
                        held = owner.state.Acquire(LockName, owner.LockWait, owner.Waiting);
                        new Recovery(owner.files, owner.codebaseRoot, owner.state, owner.journal, owner.audit, owner.RecoveryActor).Run();
                        beforeCommitPoint.ThrowIfCancellationRequested();
                        refused = Verify();
                    }
                    if (refused is null)
                    {
                        beforeCommitPoint.ThrowIfCancellationRequested();
                        stage.MarkBegun();
                    }
                }
                catch (Exception error) when (error is IOException or StateException or OperationCanceledException or ObjectCorruptException or ObjectMissingException)
                {
                    Discard();
                    throw;
                }
                if (refused is not null)
                {
                    Discard();
                    return refused;
                }
                return Decide(transactions);
            }
            finally
            {
                held?.Dispose();
            }
        }

        private CommitOutcome.Conflicted? Stage()
        {
            if (request.Backup && owner.backups.Keep(manifest, folders) is { Count: > 0 } changed) return new CommitOutcome.Conflicted(changed);
            stage.Write(manifest, owner.objects, folders, request.Hints);
            if (request.Backup) owner.backups.MakeDurable(manifest);
            stage.MakeDurable(manifest);
            return null;
        }

        private CommitOutcome? Verify()
        {
            if (request.ExpectedTree is { } expected && captureTree!() is var tree && tree.Hash != expected) return new CommitOutcome.TreeMoved(tree.Hash);
            var conflicts = new List<FileConflict>();
            foreach (var slot in manifest.Slots)
            {
                var parent = slot.Path.Parent;
                var isMade = parent is { } above && manifest.Made.Any(m => m.Path == above);
                var becomesFile = manifest.Removed.Any(r => r.MakesWay && r.Path == slot.Path);
                if (isMade || becomesFile) continue;
                var moved = !folders.IsWhereItWas(parent);
                var seen = moved ? Seen.Absent : owner.files.Look(folders.Get(parent), slot.Path.Name);
                if (moved || !seen.Is(slot.Before))
                    conflicts.Add(new(slot.Path, slot.Before, seen.State, $"'{slot.Path}' changed while the commit was prepared. It was left as it is."));
            }
            return conflicts.Count > 0 ? new CommitOutcome.Conflicted(conflicts) : null;
        }

        // The commit point, and all that follows from it.
        private CommitOutcome Decide(IReadOnlyList<TransactionId> transactions)
        {
            CommitRow? committed;
            try
            {
                committed = owner.journal.Advance(row!, CommitState.Committed);
            }
            catch (StateException error) when (error.Problem == StateProblem.OutcomeUnknown)
            {
                throw new RecoveryNeededException(string.Create(CultureInfo.InvariantCulture,
                    $"Whether commit {row!.Id} of {row.Context} holds is unknown: {error.Message} The next command reads how it ended and settles it; 'tarscli recover' does so now."), error);
            }
            catch (StateException)
            {
                Discard();
                throw;
            }
            if (committed is null)
            {
                throw new StateException(StateProblem.Corrupt, string.Create(CultureInfo.InvariantCulture,
                    $"Commit {row!.Id} of {row.Context} was settled by someone else before its commit point. The codebase is as it was; run the command again."));
            }
            // 5 and 6.
            var finished = new CommitFinisher(owner.files, owner.journal, owner.audit, request.Actor).Finish(committed, manifest, folders, stage, resumed: false);
            if (finished.Applied) return new CommitOutcome.Committed(transactions);
            return finished is { Failure: { } failure, Conflicts.Count: 0 }
                ? new CommitOutcome.Refused([CommitFinisher.ToFinding(failure)])
                : new CommitOutcome.Conflicted(finished.Conflicts);
        }

        // Nothing of the user's was touched. What can't be tidied up now, recovery does.
        private void Discard()
        {
            try
            {
                if (row is not null && owner.journal.Advance(row, CommitState.Discarded) is null) return;
                stage.Clear(manifest, _ => true);
            }
            catch (Exception error) when (error is IOException or StateException)
            {
                owner.Waiting?.Invoke($"What was staged could not be removed now; the next command does it: {error.Message}");
            }
        }
    }
}
