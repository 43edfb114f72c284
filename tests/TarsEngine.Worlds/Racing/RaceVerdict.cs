using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds.Racing;

/// <summary>
/// What must hold once all racers are gone: the codebase is what the audit trail's transactions, one after the other, make of what was
/// there before, and they are exactly those that somebody was told of, or that nobody was told how they ended.
/// </summary>
internal sealed class RaceVerdict(CommitWorld world, TreeSnapshot before, RaceWords told)
{
    private readonly Dictionary<TransactionId, TransactionRecord> known = world.Transactions.List().ToDictionary(one => one.Id);
    private readonly Dictionary<RepositoryPath, FileState> model = before.Entries.ToDictionary();

    /// <param name="othersMoved">True for a path at which somebody else than the racers was, too.</param>
    /// <returns>What is wrong; null when nothing is.</returns>
    public string? Problem(Func<RepositoryPath, bool> othersMoved) =>
        Said() ?? Replay(othersMoved) ?? Standing(othersMoved) ?? LeftOver();

    private string? Said()
    {
        foreach (var (id, operation) in told.Done)
            if (known.GetValueOrDefault(id) is not { State: CommitState.Applied }) return $"{operation} was told that {id} is done, and it is {known.GetValueOrDefault(id)?.State.ToString() ?? "gone"}";
        foreach (var one in known.Values.Where(one => one.State == CommitState.Applied && !told.Done.ContainsKey(one.Id)))
        {
            var operation = one.Kind == TransactionKind.Landing ? one.Context : ContextId.Parse(one.Actor);
            if (!told.Open.Contains(operation)) return $"{one.Id} of {operation} is in the codebase, though it was {(told.Refused.Contains(operation) ? "refused" : "not told of")}";
        }
        return null;
    }

    private string? Replay(Func<RepositoryPath, bool> othersMoved)
    {
        var seen = new HashSet<TransactionId>();
        foreach (var entry in world.Audit.List())
        {
            if (entry.Entry.Action is not ("transaction-committed" or "transaction-rolled-back" or "recovered")) continue;
            var one = known[TransactionId.Parse(entry.Entry.Subject)];
            if (!seen.Add(one.Id)) return $"{one.Id} was audited twice";
            foreach (var change in one.Changes)
            {
                if (model.GetValueOrDefault(change.Path) != change.Before && !othersMoved(change.Path)) return $"{one.Id} was put on something else than it was made for, at '{change.Path}'";
                if (change.After is { } after) model[change.Path] = after;
                else model.Remove(change.Path);
            }
        }
        return known.Values.FirstOrDefault(one => one.State == CommitState.Applied && !seen.Contains(one.Id)) is { } silent ? $"{silent.Id} was not audited" : null;
    }

    private string? Standing(Func<RepositoryPath, bool> othersMoved)
    {
        var tree = world.Snapshot();
        var other = model.Keys.Union(tree.Entries.Keys).FirstOrDefault(path => !othersMoved(path) && model.GetValueOrDefault(path) != tree[path]);
        return other == default ? null : $"'{other}' is not what the transactions make of it";
    }

    private string? LeftOver()
    {
        if (world.Audit.Verify() is { IsIntact: false } trail) return $"the audit trail: {string.Join("; ", trail.Problems)}";
        if (!world.Transactions.Recover().IsEmpty) return "recovery is not done after once";
        return null;
    }
}
