namespace TarsEngine.Configuration;

/// <summary>How long what only saves time is kept. Only the user's own configuration can say it.</summary>
public sealed record KeepLimits
{
    public static KeepLimits Default { get; } = new();

    /// <summary>The most bytes that all layers of one codebase may take; those in use are never removed.</summary>
    public long LayerBytes { get; init; } = 10L << 30;

    /// <summary>Layers, kept workspaces and logs that were not used for longer go.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(14);
}
