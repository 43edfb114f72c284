using System.Globalization;
using System.Text.Json;
using TarsEngine.Changes;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>A commit's row.</summary>
internal sealed record CommitRow(
    long Id, ContextId Context, TransactionKind Kind, CommitState State, string Stage, string Actor, DateTimeOffset Created, DateTimeOffset Updated);

/// <summary>The journal: one row per commit whose state only moves on, its manifest, and its named transactions. Every row carries a checksum.</summary>
internal sealed class CommitJournal(StateDatabase database)
{
    private const string Columns = "id, context, kind, state, stage, actor, created, updated, checksum";

    /// <summary>Step 3: the whole manifest, in one transaction.</summary>
    public (CommitRow Commit, IReadOnlyList<TransactionId> Transactions) Prepare(CommitRequest request, Manifest manifest, string stage) =>
        database.Write("journal a commit as prepared", tx =>
        {
            var now = tx.Now;
            var row = new CommitRow(0, request.Context, request.Kind, CommitState.Prepared, stage, request.Actor, now, now);
            // The number is part of the checksum, and known only after the row is in.
            var id = tx.Insert("""
                INSERT INTO commits(context, kind, state, stage, actor, created, updated, checksum)
                VALUES($context, $kind, $state, $stage, $actor, $now, $now, x'')
                """, ("$context", row.Context), ("$kind", row.Kind), ("$state", row.State), ("$stage", stage), ("$actor", row.Actor), ("$now", now));
            row = row with { Id = id };
            tx.Execute("UPDATE commits SET checksum = $checksum WHERE id = $id", ("$checksum", Checksum(row)), ("$id", id));
            var body = RollbackJson.Write(manifest);
            tx.Execute("INSERT INTO manifests(commit_id, body, checksum) VALUES($id, $body, $checksum)",
                ("$id", id), ("$body", body), ("$checksum", RowChecksum.Of("manifests", id, body)));
            return (row, (IReadOnlyList<TransactionId>)[.. request.Parts.Select(part => Insert(tx, id, part, request))]);
        });

    /// <summary>Moves a commit on; false when it is no longer in the state that <paramref name="row"/> tells.</summary>
    /// <param name="also">Done in the same transaction.</param>
    public CommitRow? Advance(CommitRow row, CommitState state, Action<StateConnection>? also = null) =>
        database.Write($"journal commit {row.Id.ToString(CultureInfo.InvariantCulture)} as {state.ToString().ToLowerInvariant()}", tx => Advance(tx, row, state, also));

    public static CommitRow? Advance(StateConnection tx, CommitRow row, CommitState state, Action<StateConnection>? also = null)
    {
        var next = row with { State = state, Updated = tx.Now };
        var changed = tx.Execute("UPDATE commits NOT INDEXED SET state = $state, updated = $now, checksum = $checksum WHERE id = $id AND state = $from",
            ("$state", state), ("$now", next.Updated), ("$checksum", Checksum(next)), ("$id", row.Id), ("$from", row.State));
        if (changed != 1) return null;
        also?.Invoke(tx);
        return next;
    }

    /// <summary>Commits that are neither finished nor undone nor discarded, in their order.</summary>
    /// <remarks>By the table, not by an index, and by what they are not: a bit that flips in a state, here or there, must not hide a row from its checksum.</remarks>
    public IReadOnlyList<CommitRow> Unsettled() => database.Read("look for interrupted commits", tx => tx.Query(
        $"SELECT {Columns} FROM commits NOT INDEXED WHERE state NOT IN ('Applied', 'Aborted', 'Discarded') ORDER BY id", Read));

    public IReadOnlyList<CommitRow> All() => database.Read("list the commits", tx => tx.Query($"SELECT {Columns} FROM commits ORDER BY id", Read));

    public IReadOnlySet<string> Stages() => database.Read("list the stages", tx =>
        tx.Query("SELECT stage FROM commits", r => r.Text(0)).ToHashSet(StringComparer.Ordinal));

    public Manifest ReadManifest(long commit) => database.Read("read a commit's manifest", tx =>
    {
        var name = $"commit {commit.ToString(CultureInfo.InvariantCulture)}";
        var rows = tx.Query("SELECT body, checksum FROM manifests WHERE commit_id = $id", row =>
        {
            RowChecksum.Verify("manifests", name, row.Bytes(1), commit, row.Text(0));
            return Parse("manifests", name, () => RollbackJson.ReadManifest(row.Text(0)));
        }, ("$id", commit));
        return rows is [var manifest] ? manifest : throw RowChecksum.Damaged("manifests", name);
    });

    public IReadOnlyList<TransactionId> TransactionsOf(long commit) => database.Read("list a commit's transactions", tx =>
        tx.Query("SELECT id FROM transactions WHERE commit_id = $id ORDER BY id", r => new TransactionId(r.Long(0)), ("$id", commit)));

    /// <summary>Every transaction, oldest first, discarded ones left out.</summary>
    public IReadOnlyList<TransactionRecord> Transactions() => database.Read("list the transactions", tx =>
    {
        var commits = tx.Query($"SELECT {Columns} FROM commits WHERE state <> 'Discarded'", Read).ToDictionary(c => c.Id);
        var records = tx.Query("SELECT id, commit_id, name, changes, undoes, backup, checksum FROM transactions ORDER BY id", Parts)
            .Where(r => commits.ContainsKey(r.Commit))
            .Select(r => r with
            {
                Context = commits[r.Commit].Context, Kind = commits[r.Commit].Kind, State = commits[r.Commit].State,
                Actor = commits[r.Commit].Actor, Created = commits[r.Commit].Created,
            })
            .ToList();
        var undone = records.Where(r => r.State == CommitState.Applied).SelectMany(r => r.Undoes).ToLookup(u => u.Transaction, u => u.Paths);
        return (IReadOnlyList<TransactionRecord>)[.. records.Select(r => r with { RolledBack = undone[r.Id].SelectMany(p => p).ToHashSet() })];
    });

    private static TransactionId Insert(StateConnection tx, long commit, NamedChange part, CommitRequest request)
    {
        var (changes, undoes) = (RollbackJson.Write(part.Changes), RollbackJson.Write(request.Undoes));
        var id = tx.Insert("""
            INSERT INTO transactions(commit_id, name, changes, undoes, backup, checksum) VALUES($commit, $name, $changes, $undoes, $backup, x'')
            """, ("$commit", commit), ("$name", part.Name), ("$changes", changes), ("$undoes", undoes), ("$backup", request.Backup));
        tx.Execute("UPDATE transactions SET checksum = $checksum WHERE id = $id",
            ("$checksum", RowChecksum.Of("transactions", id, commit, part.Name, changes, undoes, request.Backup)), ("$id", id));
        return new(id);
    }

    private static byte[] Checksum(CommitRow row) => RowChecksum.Of(
        "commits", row.Id, row.Context, row.Kind, row.State, row.Stage, row.Actor, row.Created, row.Updated);

    private static CommitRow Read(StateRow row)
    {
        var read = new CommitRow(row.Long(0), new(row.Long(1)), row.Name<TransactionKind>(2), row.Name<CommitState>(3), row.Text(4), row.Text(5), row.Time(6), row.Time(7));
        if (!Checksum(read).AsSpan().SequenceEqual(row.Bytes(8))) throw RowChecksum.Damaged("commits", $"commit {read.Id.ToString(CultureInfo.InvariantCulture)}");
        return read;
    }

    private static TransactionRecord Parts(StateRow row)
    {
        var id = new TransactionId(row.Long(0));
        var name = id.ToString();
        RowChecksum.Verify("transactions", name, row.Bytes(6), id, row.Long(1), row.Text(2), row.Text(3), row.Text(4), row.Bool(5));
        var (changes, undoes) = Parse("transactions", name, () => (RollbackJson.ReadChanges(row.Text(3)), RollbackJson.ReadUndoes(row.Text(4))));
        return new(id, row.Long(1), default, row.Text(2), default, default, changes, undoes, row.Bool(5), "", default, new HashSet<Files.RepositoryPath>());
    }

    private static T Parse<T>(string table, string row, Func<T> parse)
    {
        try
        {
            return parse();
        }
        catch (Exception error) when (error is JsonException or FormatException or ArgumentException or NotSupportedException)
        {
            throw RowChecksum.Damaged(table, row, error);
        }
    }
}
