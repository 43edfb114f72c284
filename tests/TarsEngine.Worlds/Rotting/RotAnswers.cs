using TarsEngine.Rollback;

namespace TarsEngine.Worlds.Rotting;

/// <summary>The fixed list of questions, in the order in which a command asks them: recover, list, check the trail, look at the tree.</summary>
internal sealed record RotAnswers(string Recovery, string Transactions, string Audit, bool IsIntact, IReadOnlyList<string> Tree)
{
    public static RotAnswers Ask(string folder)
    {
        using var world = new CommitWorld(folder);
        var recovered = string.Join('\n', world.Transactions.Recover().Commits.Select(one => $"{one.Commit} {one.Context} {one.Action} {string.Join(' ', one.Transactions)} {string.Join(' ', one.Conflicts)}"));
        var transactions = string.Join('\n', world.Transactions.List().Select(Words));
        var verified = world.Audit.Verify();
        // The entry of the recovery itself is as new as its time.
        var trail = string.Join('\n', [.. verified.Problems, .. verified.Notices, .. world.Audit.List().Select(entry => $"{entry.Sequence} {entry.Entry.Action} {entry.Entry.Subject} {entry.Entry.Actor}")]);
        return new(recovered, transactions, trail, verified.IsIntact, world.Scan());
    }

    /// <summary>Which answer is another one; null for none.</summary>
    public string? Differs(RotAnswers other) =>
        Recovery != other.Recovery ? $"the recovery did\n{Recovery}\nnot\n{other.Recovery}"
        : Transactions != other.Transactions ? $"the transactions are\n{Transactions}\nnot\n{other.Transactions}"
        : Audit != other.Audit ? $"the audit trail is\n{Audit}\nnot\n{other.Audit}"
        : Tree.SequenceEqual(other.Tree) ? null : $"the codebase is\n{string.Join('\n', Tree)}\nnot\n{string.Join('\n', other.Tree)}";

    private static string Words(TransactionRecord one) =>
        $"{one.Id} {one.Commit} {one.Context} {one.Name} {one.Kind} {one.State} {one.Actor} {one.HasBackup} {string.Join(' ', one.Changes)} undoes {string.Join(' ', one.Undoes.Select(undone => $"{undone.Transaction} {string.Join(' ', undone.Paths)}"))} rolled back {string.Join(' ', one.RolledBack.Order())}";
}
