using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>What a transaction is for.</summary>
public enum TransactionKind
{
    /// <summary>An improvement's change enters the codebase.</summary>
    Landing,

    /// <summary>Earlier transactions are undone.</summary>
    Rollback,
}

/// <summary>What to commit: one or more named transactions that share one commit point.</summary>
/// <param name="Parts">In order; a later part begins where the earlier ones end.</param>
/// <param name="ExpectedTree">The hash of the whole tree that was validated; null where only the touched paths count (rollback).</param>
/// <param name="Actor">Who does it, for the audit trail.</param>
public sealed record CommitRequest(ContextId Context, IReadOnlyList<NamedChange> Parts, ContentHash? ExpectedTree, string Actor)
{
    /// <summary>False keeps no pre-images: then there is no rollback later.</summary>
    public bool Backup { get; init; } = true;

    /// <summary>True replaces files that have more than one hard link; the other names keep the old content.</summary>
    public bool AllowHardLinks { get; init; }

    internal TransactionKind Kind { get; init; }

    internal IReadOnlyList<UndonePart> Undoes { get; init; } = [];

    internal RestoreHints Hints { get; init; } = RestoreHints.None;
}

/// <summary>Which paths of which transaction a rollback undoes.</summary>
public sealed record UndonePart(TransactionId Transaction, IReadOnlyList<RepositoryPath> Paths);

/// <summary>What an undone commit knew about what it removed and made, so that undoing it is exact.</summary>
internal sealed record RestoreHints(
    IReadOnlySet<RepositoryPath>? RemovableFolders,
    IReadOnlyDictionary<RepositoryPath, NodeAttributes> Folders,
    IReadOnlyDictionary<RepositoryPath, NodeAttributes> Files)
{
    private static readonly Dictionary<RepositoryPath, NodeAttributes> Nothing = [];

    /// <summary>No hints: folders that become empty go, as git does it.</summary>
    public static RestoreHints None { get; } = new(null, Nothing, Nothing);
}
