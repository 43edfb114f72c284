using TarsEngine.Storage;

namespace TarsEngine.Branches;

/// <summary>The rows of landings on branches; each carries a checksum, and its state only moves on.</summary>
internal sealed class BranchJournal(StateDatabase database)
{
    private const string Columns = "context, branch, before, after, state, undo, actor, created, updated, checksum";

    public BranchLanding? Find(ContextId context) => database.Read($"read the branch of {context}", tx =>
        tx.QueryOne($"SELECT {Columns} FROM branch_landings WHERE context = $context", Read, ("$context", context)));

    /// <summary>Those of which only the branch knows how they ended.</summary>
    public IReadOnlyList<BranchLanding> Unsettled() => database.Read("look for interrupted landings on branches", tx =>
        tx.Query($"SELECT {Columns} FROM branch_landings WHERE state NOT IN ('Landed', 'Discarded', 'RolledBack') OR (state = 'Landed' AND undo IS NOT NULL) ORDER BY context", Read));

    /// <summary>Says what is going to be; a context whose earlier attempt never landed begins anew.</summary>
    public BranchLanding Prepare(BranchLanding landing) => database.Write($"journal the landing of {landing.Context} on a branch", tx =>
    {
        tx.Execute("DELETE FROM branch_landings WHERE context = $context AND state = 'Discarded'", ("$context", landing.Context));
        var row = landing with { Created = tx.Now, Updated = tx.Now };
        tx.Execute($"INSERT INTO branch_landings({Columns}) VALUES($context, $branch, $before, $after, $state, $undo, $actor, $created, $updated, $checksum)", Values(row));
        return row;
    });

    /// <summary>Moves a landing on.</summary>
    /// <param name="also">Done in the same transaction.</param>
    public BranchLanding Advance(BranchLanding current, BranchLandingState state, string? undo, Action<StateConnection> also) =>
        database.Write($"journal the branch of {current.Context} as {state.ToString().ToLowerInvariant()}", tx =>
        {
            var next = current with { State = state, Undo = undo, Updated = tx.Now };
            var changed = tx.Execute(
                "UPDATE branch_landings SET state = $state, undo = $undo, updated = $updated, checksum = $checksum WHERE context = $context AND state = $from",
                ("$state", state), ("$undo", undo), ("$updated", next.Updated), ("$checksum", Checksum(next)), ("$context", next.Context), ("$from", current.State));
            if (changed != 1) throw RowChecksum.Damaged("branch_landings", current.Context.ToString());
            also(tx);
            return next;
        });

    private static ReadOnlySpan<(string, object?)> Values(BranchLanding row) => new (string, object?)[]
    {
        ("$context", row.Context), ("$branch", row.Branch), ("$before", row.Before), ("$after", row.After), ("$state", row.State), ("$undo", row.Undo),
        ("$actor", row.Actor), ("$created", row.Created), ("$updated", row.Updated), ("$checksum", Checksum(row)),
    };

    private static byte[] Checksum(BranchLanding row) => RowChecksum.Of(
        "branch_landings", row.Context, row.Branch, row.Before, row.After, row.State, row.Undo, row.Actor, row.Created, row.Updated);

    private static BranchLanding Read(StateRow row)
    {
        var read = new BranchLanding(new(row.Long(0)), row.Text(1), row.TextOrNull(2), row.Text(3), row.Name<BranchLandingState>(4), row.TextOrNull(5), row.Text(6), row.Time(7), row.Time(8));
        if (!Checksum(read).AsSpan().SequenceEqual(row.Bytes(9))) throw RowChecksum.Damaged("branch_landings", read.Context.ToString());
        return read;
    }
}
