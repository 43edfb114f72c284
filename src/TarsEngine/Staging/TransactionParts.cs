using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Staging;

/// <summary>
/// Splits what the steps did by named transaction, so that each can be rolled back alone. On every path the transactions follow
/// each other: where steps of two of them take turns on one file, neither could be undone without the other.
/// </summary>
internal static class TransactionParts
{
    public static (IReadOnlyList<StagedTransaction> Parts, Finding? Problem) Split(IReadOnlyList<StagedTransaction> steps)
    {
        var blocks = new Dictionary<RepositoryPath, List<Block>>();
        foreach (var (name, change) in steps.SelectMany(step => step.Changes.Select(change => (step.Name, change))))
        {
            if (!blocks.TryGetValue(change.Path, out var list)) blocks[change.Path] = list = [];
            if (list is [.., var last] && last.Name == name) list[^1] = last with { After = change.After, Origin = change.RenamedFrom ?? last.Origin };
            else if (list.Exists(block => block.Name == name)) return ([], TakingTurns(change.Path, name, list[^1].Name));
            else list.Add(new(name, change.Path, change.Before, change.After, change.RenamedFrom));
        }
        var names = steps.Select(step => step.Name).Distinct(StringComparer.Ordinal).ToList();
        var edges = blocks.Values.SelectMany(list => list.Zip(list.Skip(1), (a, b) => (a.Path, Before: a.Name, After: b.Name))).ToList();
        var order = new List<string>();
        while (names.Count > 0)
        {
            if (names.Find(name => !edges.Exists(edge => edge.After == name)) is not { } next)
                return ([], TakingTurns(edges[0].Path, edges[0].Before, edges[0].After));
            order.Add(next);
            names.Remove(next);
            edges.RemoveAll(edge => edge.Before == next);
        }
        var byName = blocks.Values.SelectMany(list => list).Where(block => block.Before != block.After).ToLookup(block => block.Name, StringComparer.Ordinal);
        return ([.. order.Where(byName.Contains).Select(name => new StagedTransaction(name, new ChangeSet(byName[name].Select(block => block.ToChange()))))], null);
    }

    /// <summary>What one transaction made of one path.</summary>
    private sealed record Block(string Name, RepositoryPath Path, FileState? Before, FileState? After, RepositoryPath? Origin)
    {
        public FileChange ToChange() => new(Path, Before, After, Before is null ? Origin : null);
    }

    private static Finding TakingTurns(RepositoryPath path, string one, string other) =>
        new(Severity.Error, "staging/interleaved-transactions",
            $"Steps of the transactions '{one}' and '{other}' take turns on '{path}': neither could be rolled back alone.", path,
            Remedy: "Put those steps into one transaction, or order them so that one transaction ends before the other begins.");
}
