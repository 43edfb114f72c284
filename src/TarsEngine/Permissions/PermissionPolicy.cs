namespace TarsEngine.Permissions;

/// <summary>Everything that is allowed, held for a person, and denied, for one codebase.</summary>
public sealed record PermissionPolicy(PathPolicy Paths, CommandPolicy Commands, NetworkAccess Network)
{
    /// <summary>What holds without any configuration.</summary>
    public static PermissionPolicy Default => BuiltInPolicy.Policy;

    public ChangeLimits Changes { get; init; } = ChangeLimits.Default;
}
