namespace TarsEngine.Permissions;

/// <summary>How much one change, and one command, may be.</summary>
public sealed record ChangeLimits
{
    public static ChangeLimits Default { get; } = new();

    /// <summary>The most files that one change may touch.</summary>
    public int ChangedFiles { get; init; } = 10_000;

    /// <summary>The most bytes that one changed file may have.</summary>
    public long FileBytes { get; init; } = 64L * 1024 * 1024;

    /// <summary>The most bytes that one change may write in all.</summary>
    public long ChangeBytes { get; init; } = 512L * 1024 * 1024;
}

/// <summary>How long one command line may be.</summary>
public sealed record CommandLimits
{
    public static CommandLimits Default { get; } = new();

    /// <summary>The most arguments.</summary>
    public int Arguments { get; init; } = 2_000;

    /// <summary>The most characters of all arguments.</summary>
    public int Characters { get; init; } = 100_000;

    /// <summary>The most commands inside one: chained in a shell line, or started by one another.</summary>
    public int Chained { get; init; } = 50;
}
