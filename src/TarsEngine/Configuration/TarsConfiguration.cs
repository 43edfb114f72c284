using TarsEngine.Permissions;

namespace TarsEngine.Configuration;

/// <summary>The policy that holds for one codebase: defaults, loosened by the user's file, tightened by the codebase's.</summary>
public sealed record TarsConfiguration
{
    public static TarsConfiguration Default { get; } = new();

    /// <summary>The user's checks; null: detected from the codebase. An empty list means none.</summary>
    public IReadOnlyList<CheckDefinition>? Checks { get; init; }

    /// <summary>The codebase's own checks, run after the others.</summary>
    public IReadOnlyList<CheckDefinition> ExtraChecks { get; init; } = [];

    public DotnetSettings Dotnet { get; init; } = DotnetSettings.Default;

    /// <summary>Land a valid change without waiting for review.</summary>
    public bool ApproveWhenValid { get; init; }

    /// <summary>'--validate=false' may be used.</summary>
    public bool AllowUnvalidated { get; init; }

    /// <summary>'--backup=false' may be used.</summary>
    public bool AllowWithoutBackup { get; init; }

    /// <summary>A codebase with nothing to prove a change with passes all the same.</summary>
    public bool AllowUnproven { get; init; }

    /// <summary>What may enforce the sandbox where the real one can't.</summary>
    public SandboxFallback Fallback { get; init; }

    /// <summary>What changes and commands may do.</summary>
    public PermissionPolicy Permissions { get; init; } = PermissionPolicy.Default;

    /// <summary>New packages for scripts.</summary>
    public DependencySettings Dependencies { get; init; } = DependencySettings.Default;

    /// <summary>How long what only saves time is kept.</summary>
    public KeepLimits Keep { get; init; } = KeepLimits.Default;

    /// <summary>Whether faults are put into changed lines to see if a test notices.</summary>
    public ProbeSettings Probe { get; init; } = ProbeSettings.Default;

    /// <summary>Which tests run first, and which count.</summary>
    public TestSettings Tests { get; init; } = TestSettings.Default;

    public ConfigurationLimits Limits { get; init; } = ConfigurationLimits.Default;
}

/// <summary>A weaker sandbox that the user lets take the real one's place where that can't be enforced.</summary>
public enum SandboxFallback
{
    /// <summary>Then nothing runs.</summary>
    None,

    /// <summary>Linux' Landlock: holds files, TCP and system calls, and no more.</summary>
    Landlock,
}

/// <summary>How long checks may take, and what they must show. How much a change may be is <see cref="ChangeLimits"/>.</summary>
public sealed record ConfigurationLimits
{
    public static ConfigurationLimits Default { get; } = new();

    /// <summary>The longest that one check may run.</summary>
    public TimeSpan CheckTimeout { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The longest that one test may run, where its runner can end it; null: as the runner has it.</summary>
    public TimeSpan? TestTimeout { get; init; }

    /// <summary>Fewer tests than this in a run are not a pass.</summary>
    public int MinimumTests { get; init; } = 1;
}
