namespace TarsEngine.Planning;

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
}
