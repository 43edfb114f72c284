using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>What policy says to a command, with what it says to each part: every program that it starts, every variable.</summary>
public sealed record CommandExplanation(PolicyDecision Decision, IReadOnlyList<PolicyDecision> Parts);

/// <summary>
/// Which commands may run, decided by argv and environment before anything does. No rule: what <see cref="Otherwise"/> says.
/// Several: the strictest, over every program that the command starts.
/// </summary>
public sealed class CommandPolicy
{
    public const string OtherwiseRule = "commands.otherwise";
    public const string InlineCodeRule = "inline-code";
    public const string CodeFromInputRule = "code-from-input";
    public const string ArgumentsRule = "arguments";
    public const string PinRule = "programs";

    private readonly Dictionary<string, List<CommandRule>> byProgram = new(StringComparer.Ordinal);
    private readonly List<CommandRule> others = [];

    public CommandPolicy(IReadOnlyList<CommandRule> rules, Decision otherwise, EnvironmentPolicy environment)
    {
        (Rules, Otherwise, Environment) = (rules, otherwise, environment);
        foreach (var rule in rules)
        {
            if (!rule.Programs.All(Glob.IsLiteral)) others.Add(rule);
            foreach (var program in rule.Programs.Where(Glob.IsLiteral).Select(p => ProgramName.Base(p).ToUpperInvariant()).Distinct(StringComparer.Ordinal)) Named(program).Add(rule);
        }
    }

    public IReadOnlyList<CommandRule> Rules { get; }

    /// <summary>For programs that no rule speaks of.</summary>
    public Decision Otherwise { get; }

    public EnvironmentPolicy Environment { get; }

    public CommandLimits Limits { get; private init; } = CommandLimits.Default;

    /// <summary>For code that can't be read before it runs: shell lines with variables, arguments that come from input.</summary>
    public Decision InlineCode { get; init; } = Decision.Review;

    /// <summary>For shells and interpreters that take their code from a pipe.</summary>
    public Decision CodeFromInput { get; init; } = Decision.Deny;

    /// <summary>Names that stand for one absolute program only.</summary>
    public IReadOnlyDictionary<string, string> Pins { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The same rules with other limits.</summary>
    public CommandPolicy Within(CommandLimits limits) =>
        new(Rules, Otherwise, Environment) { Limits = limits, InlineCode = InlineCode, CodeFromInput = CodeFromInput, Pins = Pins };

    public PolicyDecision Decide(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment) => Explain(argv, environment).Decision;

    public CommandExplanation Explain(IReadOnlyList<string> argv, IReadOnlyDictionary<string, string> environment)
    {
        if (Malformed(argv) is { } malformed) return new(malformed, [malformed]);
        var unwrapped = new CommandUnwrapper(Limits.Chained);
        unwrapped.Add(argv);
        var parts = new List<PolicyDecision>();
        foreach (var command in unwrapped.Commands) parts.Add(Decide(command));
        foreach (var (name, value) in environment.Concat(unwrapped.Variables)) parts.Add(Environment.Decide(name, value));
        var shown = Shown(argv);
        foreach (var file in unwrapped.Outputs.Where(IsMetadata))
            parts.Add(new(Decision.Deny, PathPolicy.MetadataRule, RuleOrigin.BuiltIn, $"'{ByteText.Display(file)}' belongs to git or to this system; nothing may write it.", shown));
        if (unwrapped.IsTooMany)
            parts.Add(new(Decision.Deny, ArgumentsRule, RuleOrigin.BuiltIn, $"It holds more than {Limits.Chained} commands ('limits.chained-commands').", shown));
        if (unwrapped.CodeFromInput is { } reader)
            parts.Add(new(CodeFromInput, CodeFromInputRule, RuleOrigin.BuiltIn, $"'{reader}' takes its code from its input; what that will be can't be known.", shown));
        foreach (var what in unwrapped.Unreadable.Distinct(StringComparer.Ordinal))
            parts.Add(new(InlineCode, InlineCodeRule, RuleOrigin.BuiltIn, $"Policy can't read {ByteText.Display(what)} before it runs.", shown));
        return new(parts.Aggregate(PolicyDecision.Strictest), parts);
    }

    /// <summary>The command with a pinned program's absolute path in place of its name.</summary>
    public IReadOnlyList<string> Pinned(IReadOnlyList<string> argv) =>
        argv.Count > 0 && Pins.TryGetValue(argv[0], out var program) ? [program, .. argv.Skip(1)] : argv;

    private PolicyDecision Decide(SimpleCommand command)
    {
        if (Pins.TryGetValue(ProgramName.Base(command.Program), out var pin) && command.Program != pin && command.Program.Contains('/', StringComparison.Ordinal))
            return new(Decision.Deny, PinRule, RuleOrigin.BuiltIn, $"'{ByteText.Display(command.Program)}' is not '{pin}', the only program that may go by that name.", command.ToString());
        CommandRule? strictest = null;
        var isSpokenOf = false;
        foreach (var name in command.Names)
        {
            if (byProgram.TryGetValue(name, out var rules)) Add(rules);
        }
        Add(others);
        if (strictest is null || (!isSpokenOf && strictest.Decide < Otherwise))
        {
            var why = ProgramName.IsSystem(command.Program) ? "No rule allows" : "It is a file that a change could have written, and no rule allows";
            return new(Otherwise, OtherwiseRule, RuleOrigin.BuiltIn, Otherwise == Decision.Allow ? $"No rule speaks against '{command}'." : $"{why} '{command}'.", command.ToString());
        }
        var what = strictest.Decide switch { Decision.Allow => "allows", Decision.Review => "holds for a person", _ => "denies" };
        return new(strictest.Decide, strictest.Name, strictest.Origin,
            $"The rule {strictest.Shown} {what} '{command}'{(strictest.Because.Length > 0 ? ": " + strictest.Because : ".")}", command.ToString());

        void Add(List<CommandRule> rules)
        {
            foreach (var rule in rules)
            {
                var isStricter = strictest is null || rule.Decide > strictest.Decide || (rule.Decide == strictest.Decide && string.CompareOrdinal(rule.Name, strictest.Name) < 0);
                // A codebase's rule comes on top of the others: alone it doesn't lift what holds otherwise.
                var speaks = !isSpokenOf && rule.Origin.Author != RuleAuthor.Repository;
                if ((!isStricter && !speaks) || !rule.Matches(command)) continue;
                isSpokenOf |= speaks;
                if (isStricter) strictest = rule;
            }
        }
    }

    private PolicyDecision? Malformed(IReadOnlyList<string> argv)
    {
        string? problem = null;
        if (argv.Count == 0 || argv[0].Length == 0) problem = "It names no program.";
        else if (argv.Any(a => a.AsSpan().ContainsAny('\0', '\n', '\r'))) problem = "An argument holds a NUL or a newline; put such text into a script of the codebase.";
        else if (argv.Count > Limits.Arguments) problem = $"It has {argv.Count} arguments; at most {Limits.Arguments} may be given ('limits.command-arguments').";
        else if (argv.Sum(a => (long)a.Length) > Limits.Characters) problem = $"Its arguments have more than {Limits.Characters} characters ('limits.command-characters').";
        return problem is null ? null : new(Decision.Deny, ArgumentsRule, RuleOrigin.BuiltIn, problem, Shown(argv));
    }

    private static bool IsMetadata(string file)
    {
        var inside = string.Join('/', file.Split('/').Where(segment => segment is not ("" or "." or "codebase")));
        return RepositoryPath.TryParse(inside, out var path, out _) && path.IsMetadata;
    }

    private List<CommandRule> Named(string program)
    {
        if (!byProgram.TryGetValue(program, out var list)) byProgram[program] = list = [];
        return list;
    }

    private static string Shown(IReadOnlyList<string> argv)
    {
        var text = ByteText.Display(string.Join(' ', argv.Take(20)));
        return text.Length > 160 ? text[..160] + "…" : text;
    }
}
