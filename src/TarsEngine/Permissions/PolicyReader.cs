using System.Globalization;
using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>Reads 'paths', 'commands', 'network', 'environment' and 'built-in' of one file, and tries every rule's examples on it.</summary>
internal sealed class PolicyReader(DocumentProblems problems, RuleAuthor author)
{
    private static readonly string[] Words = ["allow", "review", "deny"];
    private readonly HashSet<string> names = new(StringComparer.Ordinal);

    public bool ChecksExamples { get; init; } = true;

    public PolicySection Read(MapReader map)
    {
        var commands = map.OptionalMap("commands");
        var environment = map.OptionalMap("environment");
        var network = map.OptionalMap("network");
        var section = new PolicySection
        {
            Paths = [.. Rules(map, "paths").Select(r => Path(r.Map, r.Name)).OfType<PathRule>()],
            Commands = [.. Rules(commands, "rules", "commands").Select(r => Command(r.Map, r.Name)).OfType<CommandRule>()],
            CommandsOtherwise = commands is null ? null : Decide(commands, "otherwise"),
            Pins = commands is null ? PolicySection.Empty.Pins : ReadPins(commands),
            Environment = [.. Rules(environment, "rules", "environment").Select(r => Variable(r.Map, r.Name)).OfType<EnvironmentRule>()],
            EnvironmentOtherwise = environment is null ? null : Decide(environment, "otherwise"),
            Hosts = network is null ? [] : new HostRuleReader(problems, author) { ChecksExamples = ChecksExamples }.Read(network),
            BuiltInOrigin = new(author, problems.Source, map.Node("built-in")?.Line ?? 0),
            BuiltIn = author == RuleAuthor.BuiltIn ? PolicySection.Empty.BuiltIn : ReadBuiltIn(map),
        };
        commands?.Done();
        environment?.Done();
        network?.Done();
        return section;
    }

    internal static Decision? Decide(MapReader map, string key) => map.OptionalChoice(key, Words) switch
    {
        "allow" => Decision.Allow,
        "review" => Decision.Review,
        "deny" => Decision.Deny,
        _ => null,
    };

    private IEnumerable<(MapReader Map, string Name)> Rules(MapReader? map, string key, string? called = null)
    {
        var rules = map?.OptionalMaps(key) ?? [];
        for (var i = 0; i < rules.Count; i++)
        {
            var name = rules[i].OptionalString("name") ?? string.Create(CultureInfo.InvariantCulture, $"{called ?? key}[{i + 1}]");
            if (!names.Add(name)) rules[i].Problem("name", $"Two rules have the name '{ByteText.Display(name)}'.");
            else if (author != RuleAuthor.BuiltIn && (BuiltInPolicy.Names.Contains(name, StringComparer.Ordinal) || name == PathPolicy.MetadataRule)) rules[i].Problem("name", $"A built-in rule has the name '{name}'; give yours another. To change that one, name it under 'built-in'.");
            yield return (rules[i], name);
        }
    }

    private RuleOrigin Origin(MapReader map) => author == RuleAuthor.BuiltIn ? RuleOrigin.BuiltIn : new(author, problems.Source, map.Line);

    private PathRule? Path(MapReader map, string name)
    {
        var paths = Patterns(map, "paths");
        var except = Patterns(map, "except");
        if (paths.Count == 0) map.Problem("paths", "A rule needs 'paths': a list of the paths that it speaks of, such as [signing/, '*.snk'].");
        var all = Strict(map, "protected");
        var rule = new PathRule(name, Origin(map), map.OptionalString("because") ?? "", paths, except,
            Strict(map, "read"), Strict(map, "write") ?? all, Strict(map, "create") ?? all, Strict(map, "delete") ?? all);
        if (rule.Read == Decision.Review) map.Problem("read", "'read' is deny: what a command has read can't be held back for a person.");
        if (rule is { Read: null, Write: null, Create: null, Delete: null }) map.Problem("paths", "The rule decides nothing; add 'protected', 'write', 'create', 'delete' or 'read'.");
        Examples.Check(map, ChecksExamples, (text, node) =>
        {
            if (RepositoryPath.TryParse(text, out var path, out var problem)) return rule.Matches(FoldedPath.Segments(path.Value));
            problems.Add(node, problem);
            return null;
        });
        map.Done();
        return paths.Count == 0 ? null : rule;
    }

    // 'allow' would do nothing: a path that no rule names is allowed, and the strictest rule wins.
    private static Decision? Strict(MapReader map, string key)
    {
        var decision = Decide(map, key);
        if (decision == Decision.Allow) map.Problem(key, $"'{key}: allow' does nothing: what no rule names is allowed, and of several rules the strictest wins. To loosen a built-in rule, name it under 'built-in'.");
        return decision;
    }

    private CommandRule? Command(MapReader map, string name)
    {
        var programs = OneOrMore(map, "program") ?? [];
        if (programs.Count == 0 || programs.Any(string.IsNullOrWhiteSpace)) map.Problem("program", "A rule needs 'program': a name or an absolute path, or a list of them.");
        foreach (var path in programs.Where(p => p.Contains('/', StringComparison.Ordinal) && !p.StartsWith('/')))
            map.Problem("program", $"'{ByteText.Display(path)}' is neither a name nor an absolute path.");
        if (Decide(map, "decide") is not { } decide)
        {
            if (!map.Has("decide")) map.Problem("program", "The rule decides nothing; add 'decide: allow', 'review' or 'deny'.");
            decide = Decision.Deny;
        }
        var rule = new CommandRule(name, Origin(map), map.OptionalString("because") ?? "", programs, OneOrMore(map, "subcommand"),
            OneOrMore(map, "before"), OneOrMore(map, "with"), OneOrMore(map, "only"), OneOrMore(map, "except") ?? [], decide);
        if (rule.Except.Count > 0 && rule.With is null) map.Problem("except", "'except' names arguments that 'with' doesn't look at; there is no 'with'.");
        var policy = new CommandPolicy([rule], Decision.Allow, new([], Decision.Allow));
        Examples.Check(map, ChecksExamples, (node, at) => policy.Explain(node, new Dictionary<string, string>(StringComparer.Ordinal)).Parts.Any(p => p.Rule == name));
        map.Done();
        return programs.Count == 0 ? null : rule;
    }

    private EnvironmentRule? Variable(MapReader map, string name)
    {
        var variables = OneOrMore(map, "variable") ?? [];
        if (variables.Count == 0) map.Problem("variable", "A rule needs 'variable': a name, with '*' for any part of it, or a list of them.");
        if (Decide(map, "decide") is not { } decide)
        {
            if (!map.Has("decide")) map.Problem("variable", "The rule decides nothing; add 'decide: allow', 'review' or 'deny'.");
            decide = Decision.Deny;
        }
        var rule = new EnvironmentRule(name, Origin(map), map.OptionalString("because") ?? "", variables, OneOrMore(map, "except") ?? [], decide);
        Examples.Check(map, ChecksExamples, (text, _) => rule.Matches(text));
        map.Done();
        return variables.Count == 0 ? null : rule;
    }

    private Dictionary<string, string> ReadPins(MapReader commands)
    {
        var pins = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, program) in commands.OptionalStringMap("programs") ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (name.Contains('/', StringComparison.Ordinal) || !program.StartsWith('/') || program.Split('/').Any(s => s is "." or ".."))
                commands.Problem("programs", $"'{ByteText.Display(name)}: {ByteText.Display(program)}' is no name with the absolute path of its program.");
            else pins[name] = program;
        }
        return pins;
    }

    private static Dictionary<string, Decision> ReadBuiltIn(MapReader map)
    {
        var changed = new Dictionary<string, Decision>(StringComparer.Ordinal);
        if (map.OptionalMap("built-in") is not { } builtIn) return changed;
        foreach (var name in BuiltInPolicy.Names)
        {
            if (builtIn.Has(name) && Decide(builtIn, name) is { } decision) changed[name] = decision;
        }
        if (builtIn.Has(PathPolicy.MetadataRule)) builtIn.Problem(PathPolicy.MetadataRule, "What belongs to git or to this system can't be opened to changes. Remove the line.");
        builtIn.Done();
        return changed;
    }

    private List<PathPattern> Patterns(MapReader map, string key)
    {
        var patterns = new List<PathPattern>();
        foreach (var node in Nodes(map, key))
        {
            if (DocumentValue.Text(node, $"an item of '{key}'", problems) is not { } text) continue;
            if (PathPattern.TryParse(text, out var pattern, out var problem)) patterns.Add(pattern);
            else problems.Add(node, problem);
        }
        return patterns;
    }

    private List<string>? OneOrMore(MapReader map, string key) => !map.Has(key) ? null
        : [.. Nodes(map, key).Select(node => DocumentValue.Text(node, $"an item of '{key}'", problems)).OfType<string>()];

    private static IReadOnlyList<DocumentNode> Nodes(MapReader map, string key) => map.Node(key) switch
    {
        null => [],
        ListNode list => list.Items,
        var one => [one],
    };
}
