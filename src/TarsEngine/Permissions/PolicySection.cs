namespace TarsEngine.Permissions;

/// <summary>The rules of one file; null and empty where it says nothing.</summary>
public sealed record PolicySection
{
    public static PolicySection Empty { get; } = new();

    public IReadOnlyList<PathRule> Paths { get; init; } = [];
    public IReadOnlyList<CommandRule> Commands { get; init; } = [];
    public IReadOnlyList<HostRule> Hosts { get; init; } = [];
    public IReadOnlyList<EnvironmentRule> Environment { get; init; } = [];
    public Decision? CommandsOtherwise { get; init; }
    public Decision? EnvironmentOtherwise { get; init; }
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Other decisions for built-in rules, by their names.</summary>
    public IReadOnlyDictionary<string, Decision> BuiltIn { get; init; } = new Dictionary<string, Decision>(StringComparer.Ordinal);

    /// <summary>Where those stand.</summary>
    public RuleOrigin BuiltInOrigin { get; init; } = new(RuleAuthor.Repository);
}
