namespace TarsEngine.Changes;

/// <summary>What one named transaction of a context changes; the transactions of a context follow each other.</summary>
public sealed record NamedChange(string Name, ChangeSet Changes)
{
    /// <summary>All of them as one change.</summary>
    public static ChangeSet Net(IEnumerable<NamedChange> parts) => parts.Aggregate(ChangeSet.Empty, (net, part) => net.Then(part.Changes));
}
