namespace TarsEngine.Configuration;

/// <summary>Which new packages a script may get, and what they are called. Only the user's own configuration can say any of it.</summary>
public sealed record DependencySettings
{
    public static DependencySettings Default { get; } = new();

    /// <summary>Packages that may be installed into a workspace; '*' stands for any characters. None by default.</summary>
    public IReadOnlyList<string> Allow { get; init; } = [];

    /// <summary>By ecosystem ('python', 'node', 'dotnet'), what code imports and the package that has it; goes before the built-in table.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Names { get; init; } = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>By ecosystem, where packages come from: an absolute folder, or the https address of a registry. Absent: the public registry.</summary>
    public IReadOnlyDictionary<string, string> Sources { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <param name="package">Names of packages differ by no letter's case in any of the ecosystems.</param>
    public bool Allows(string package) => Allow.Any(pattern => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern.Replace("\\", "\\\\", StringComparison.Ordinal), package, ignoreCase: true));
}
