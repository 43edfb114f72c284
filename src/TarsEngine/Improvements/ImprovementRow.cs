using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Improvements;

/// <summary>An improvement as a row of the state database, with its checksum.</summary>
internal sealed record ImprovementRow(Improvement Value, string Steps, ContentHash Fingerprint)
{
    private const string Table = "improvements";
    private const string Columns = "id, title, description, category, priority, source, state, steps, base_commit, fingerprint, added, checksum";

    public static ImprovementRow? Get(StateConnection tx, ImprovementId id) =>
        tx.QueryOne($"SELECT {Columns} FROM improvements WHERE id = $id", Read, ("$id", id));

    public static IReadOnlyList<ImprovementRow> All(StateConnection tx) => tx.Query($"SELECT {Columns} FROM improvements ORDER BY id", Read);

    public static IReadOnlyList<ImprovementRow> Same(StateConnection tx, ContentHash fingerprint) =>
        tx.Query($"SELECT {Columns} FROM improvements WHERE fingerprint = $fingerprint ORDER BY id", Read, ("$fingerprint", fingerprint));

    public static ImprovementRow Insert(StateConnection tx, ImprovementProposal proposal)
    {
        // The checksum covers the id, which only the next one up can be: the one writer is in this transaction.
        var last = tx.QueryNumber("SELECT seq FROM sqlite_sequence WHERE name = 'improvements'") ?? 0;
        var value = new Improvement(new(last + 1), proposal.Title, proposal.Description, proposal.Category, proposal.Priority, proposal.Source,
            ImprovementState.Ready, proposal.Steps, proposal.BaseCommit, tx.Now);
        var row = new ImprovementRow(value, StepJson.Write(proposal.Steps), proposal.Fingerprint);
        tx.Insert($"""
            INSERT INTO improvements({Columns})
            VALUES($id, $title, $description, $category, $priority, $source, $state, $steps, $base, $fingerprint, $added, $checksum)
            """,
            ("$id", value.Id), ("$title", value.Title), ("$description", value.Description), ("$category", value.Category), ("$priority", value.Priority),
            ("$source", value.Source), ("$state", value.State), ("$steps", row.Steps), ("$base", value.BaseCommit), ("$fingerprint", row.Fingerprint),
            ("$added", value.Added), ("$checksum", row.Checksum()));
        return row;
    }

    /// <summary>Compare-and-swap: false when the state is not this one's any more.</summary>
    public bool TryMove(StateConnection tx, ImprovementState to, out ImprovementRow moved)
    {
        moved = this with { Value = Value with { State = to } };
        return tx.Execute("UPDATE improvements SET state = $to, checksum = $checksum WHERE id = $id AND state = $from",
            ("$to", to), ("$checksum", moved.Checksum()), ("$id", Value.Id), ("$from", Value.State)) == 1;
    }

    private byte[] Checksum() => RowChecksum.Of(Table, Fields());

    private object?[] Fields() =>
    [
        Value.Id, Value.Title, Value.Description, Value.Category, Value.Priority, Value.Source, Value.State, Steps,
        Value.BaseCommit, Fingerprint, Value.Added,
    ];

    private static ImprovementRow Read(StateRow row)
    {
        var id = new ImprovementId(row.Long(0));
        var steps = row.Text(7);
        var value = new Improvement(id, row.Text(1), row.Text(2), row.Text(3), row.Name<ImprovementPriority>(4), row.Text(5),
            row.Name<ImprovementState>(6), [], row.TextOrNull(8), row.Time(10));
        var read = new ImprovementRow(value, steps, row.Hash(9));
        RowChecksum.Verify(Table, id.ToString(), row.Bytes(11), read.Fields());
        return read with { Value = value with { Steps = ReadSteps(id, steps) } };
    }

    private static IReadOnlyList<StepDefinition> ReadSteps(ImprovementId id, string steps)
    {
        try
        {
            return StepJson.Read(steps);
        }
        catch (FormatException error)
        {
            throw RowChecksum.Damaged(Table, id.ToString(), error);
        }
    }
}
