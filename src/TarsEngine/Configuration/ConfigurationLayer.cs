using TarsEngine.Permissions;

namespace TarsEngine.Configuration;

/// <summary>What one file says; null where it says nothing.</summary>
internal sealed record ConfigurationLayer
{
    public IReadOnlyList<CheckDefinition>? Checks { get; init; }
    public DotnetSettings? Dotnet { get; init; }
    public DependencySettings? Dependencies { get; init; }
    public ProbeMode? Probe { get; init; }
    public int? ProbeFaults { get; init; }
    public TimeSpan? ProbeTime { get; init; }
    public bool? ImpactedFirst { get; init; }
    public IReadOnlyList<string> IgnoredTests { get; init; } = [];
    public IReadOnlyDictionary<string, IReadOnlyList<string>> TestLevels { get; init; } = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
    public KeepLimits? Keep { get; init; }
    public bool? ApproveWhenValid { get; init; }
    public bool? AllowUnvalidated { get; init; }
    public bool? AllowWithoutBackup { get; init; }
    public bool? AllowUnproven { get; init; }
    public TimeSpan? CheckTimeout { get; init; }
    public TimeSpan? TestTimeout { get; init; }
    public int? MaxChangedFiles { get; init; }
    public long? MaxFileBytes { get; init; }
    public long? MaxChangeBytes { get; init; }
    public int? MinimumTests { get; init; }
    public bool? SandboxEnabled { get; init; }
    public IReadOnlyList<string> SandboxHosts { get; init; } = [];
    public string? SandboxFallback { get; init; }
    public int? CommandArguments { get; init; }
    public int? CommandCharacters { get; init; }
    public int? ChainedCommands { get; init; }

    /// <summary>The rules; 'protected-paths' is among them.</summary>
    public PolicySection Policy { get; init; } = PolicySection.Empty;

    /// <summary>Agents stand in it: whose they are matters, not which.</summary>
    public bool NamesAgents { get; init; }
}
