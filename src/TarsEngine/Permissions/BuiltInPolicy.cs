using TarsEngine.Documents;

namespace TarsEngine.Permissions;

/// <summary>The rules that hold without any configuration, written in the same language: see BuiltInPolicy.yaml.</summary>
internal static class BuiltInPolicy
{
    private const string FileName = "BuiltInPolicy.yaml";

    private static readonly Lazy<PolicySection> section = new(() => Read(checkExamples: false, out _));
    private static readonly Lazy<PermissionPolicy> policy = new(() => PolicyLayers.Join(PolicySection.Empty, PolicySection.Empty, (_, _) => { }));
    private static readonly Lazy<Dictionary<string, Decision>> decisions = new(Decisions);

    public static PolicySection Section => section.Value;

    public static PermissionPolicy Policy => policy.Value;

    /// <summary>The rules that a configuration may give another decision, by name.</summary>
    public static IReadOnlyCollection<string> Names => decisions.Value.Keys;

    public static Decision DecisionOf(string name) => decisions.Value[name];

    /// <summary>Its examples are checked by a test, not at every start.</summary>
    internal static PolicySection Read(bool checkExamples, out IReadOnlyList<DocumentProblem> problems)
    {
        using var stream = typeof(BuiltInPolicy).Assembly.GetManifestResourceStream(FileName)
            ?? throw new InvalidOperationException($"The program was built without '{FileName}'.");
        using var reader = new StreamReader(stream);
        var document = DocumentReader.Read(reader.ReadToEnd(), FileName);
        var map = MapReader.Root(document, "The built-in policy")!;
        var read = new PolicyReader(document.Problems, RuleAuthor.BuiltIn) { ChecksExamples = checkExamples }.Read(map);
        map.Done();
        problems = document.Problems.List;
        return read;
    }

    private static Dictionary<string, Decision> Decisions()
    {
        var found = new Dictionary<string, Decision>(StringComparer.Ordinal)
        {
            [CommandPolicy.InlineCodeRule] = Decision.Review,
            [CommandPolicy.CodeFromInputRule] = Decision.Deny,
        };
        foreach (var rule in Section.Paths) found.Add(rule.Name, rule.Write ?? rule.Create ?? rule.Delete ?? rule.Read ?? Decision.Allow);
        foreach (var rule in Section.Commands) found.Add(rule.Name, rule.Decide);
        foreach (var rule in Section.Environment) found.Add(rule.Name, rule.Decide);
        return found;
    }
}
