using TarsEngine.Files;

namespace TarsEngine.Changes;

public enum ChangeKind
{
    Create,
    Modify,
    Delete,
}

/// <summary>One path before and after a change; null is absence. A rename is a delete and a create that names its origin.</summary>
public sealed record FileChange
{
    public FileChange(RepositoryPath path, FileState? before, FileState? after, RepositoryPath? renamedFrom = null)
    {
        if (before is null && after is null)
            throw new ArgumentException($"'{path}' is absent before and after: that is no change.", nameof(after));
        (Path, Before, After, RenamedFrom) = (path, before, after, renamedFrom);
    }

    public RepositoryPath Path { get; }
    public FileState? Before { get; }
    public FileState? After { get; }

    /// <summary>Where the content came from, for display only.</summary>
    public RepositoryPath? RenamedFrom { get; }

    public ChangeKind Kind => Before is null ? ChangeKind.Create : After is null ? ChangeKind.Delete : ChangeKind.Modify;

    /// <summary>The change that undoes this one.</summary>
    public FileChange Inverse() => new(Path, After, Before);
}
