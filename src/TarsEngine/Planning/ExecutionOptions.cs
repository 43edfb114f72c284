namespace TarsEngine.Planning;

/// <summary>Where a change lands.</summary>
public enum LandingPlace
{
    /// <summary>In the codebase's files.</summary>
    Worktree,

    /// <summary>As a commit on a branch; no file, no index, no HEAD is touched.</summary>
    Branch,
}

/// <summary>How an improvement is to be executed.</summary>
public sealed record ExecutionOptions
{
    /// <summary>Everything but the commit.</summary>
    public bool DryRun { get; init; }

    /// <summary>Keep the contents that are replaced, so that the landing can be rolled back.</summary>
    public bool Backup { get; init; } = true;

    /// <summary>Check the change before it may land.</summary>
    public bool Validate { get; init; } = true;

    /// <summary>Drop the workspace when something fails; false keeps it for a look. The codebase is untouched either way.</summary>
    public bool AutoRollback { get; init; } = true;

    /// <summary>Land without a person when every check passed.</summary>
    public bool ApproveWhenValid { get; init; }

    /// <summary>Where reports go; null for none.</summary>
    public string? OutputFolder { get; init; }

    /// <summary>Try only tests whose names hold one of these; such a verdict holds, and to land, all tests are run. Null: all.</summary>
    public IReadOnlyList<string>? TestNames { get; init; }

    /// <summary>What to validate against: null is the tree as it lies there, 'HEAD' the last commit.</summary>
    public string? Base { get; init; }

    /// <summary>Where a valid change goes.</summary>
    public LandingPlace Land { get; init; }

    /// <summary>With <see cref="LandingPlace.Branch"/>: which, without 'refs/heads/'; made where there is none. Its commit is the base, or <see cref="Base"/> where it is new.</summary>
    public string? Branch { get; init; }

    /// <summary>The commit's message on a branch; null: the improvement's title.</summary>
    public string? Message { get; init; }

    /// <summary>An earlier execution of the same improvement by an agent: it goes on from that one's change, and is told why it failed.</summary>
    public Storage.ContextId? After { get; init; }
}
