namespace TarsEngine.Permissions;

/// <summary>Joins the built-in rules, the user's and the codebase's. The user's may loosen; of the codebase's only what is stricter counts.</summary>
public static class PolicyLayers
{
    /// <param name="ignored">Told the key and what it would do, for everything in the codebase's file that would loosen.</param>
    public static PermissionPolicy Join(PolicySection user, PolicySection repository, Action<string, string> ignored)
    {
        var builtIn = BuiltInPolicy.Section;
        var raised = Raised(user, repository, ignored);
        Decision? Set(string name) => user.BuiltIn.TryGetValue(name, out var decision) ? decision : null;
        PathRule[] paths =
        [
            .. builtIn.Paths.Select(r => Set(r.Name) is { } d ? r.As(d) : r), .. user.Paths,
            .. builtIn.Paths.Where(r => raised.ContainsKey(r.Name)).Select(r => r.As(raised[r.Name].Decision) with { Origin = raised[r.Name].Origin }), .. repository.Paths,
        ];
        // What a codebase raises is a rule of its own besides: the built-in one, read as before, still tells what is spoken of.
        CommandRule[] commands =
        [
            .. builtIn.Commands.Select(r => Set(r.Name) is { } d ? r with { Decide = d } : r), .. user.Commands,
            .. builtIn.Commands.Where(r => raised.ContainsKey(r.Name)).Select(r => r with { Decide = raised[r.Name].Decision, Origin = raised[r.Name].Origin }),
            .. Strict(repository.Commands, r => r.Decide, r => $"allows commands by the rule '{r.Name}'", "commands", ignored),
        ];
        EnvironmentRule[] environment =
        [
            .. builtIn.Environment.Select(r => Set(r.Name) is { } d ? r with { Decide = d } : r), .. user.Environment,
            .. builtIn.Environment.Where(r => raised.ContainsKey(r.Name)).Select(r => r with { Decide = raised[r.Name].Decision, Origin = raised[r.Name].Origin }),
            .. Strict(repository.Environment, r => r.Decide, r => $"allows variables by the rule '{r.Name}'", "environment", ignored),
        ];
        var variables = new EnvironmentPolicy(environment,
            Stricter(user.EnvironmentOtherwise ?? Decision.Allow, repository.EnvironmentOtherwise, "environment.otherwise", ignored));
        return new(
            new(paths),
            new(commands, Stricter(user.CommandsOtherwise ?? Decision.Review, repository.CommandsOtherwise, "commands.otherwise", ignored), variables)
            {
                InlineCode = Code(CommandPolicy.InlineCodeRule),
                CodeFromInput = Code(CommandPolicy.CodeFromInputRule),
                Pins = Pins(user, repository, ignored),
            },
            Hosts(user, repository, ignored));

        Decision Code(string name) => raised.TryGetValue(name, out var r) ? r.Decision : Set(name) ?? BuiltInPolicy.DecisionOf(name);
    }

    private static Dictionary<string, (Decision Decision, RuleOrigin Origin)> Raised(PolicySection user, PolicySection repository, Action<string, string> ignored)
    {
        var raised = new Dictionary<string, (Decision, RuleOrigin)>(StringComparer.Ordinal);
        foreach (var (name, decision) in repository.BuiltIn)
        {
            var holds = user.BuiltIn.TryGetValue(name, out var set) ? set : BuiltInPolicy.DecisionOf(name);
            if (decision > holds) raised[name] = (decision, repository.BuiltInOrigin);
            else if (decision < holds) ignored($"built-in.{name}", $"lowers the built-in rule '{name}' from {Word(holds)} to {Word(decision)}");
        }
        return raised;
    }

    private static Decision Stricter(Decision policy, Decision? asked, string key, Action<string, string> ignored)
    {
        if (asked is not { } decision || decision == policy) return policy;
        if (decision > policy) return decision;
        ignored(key, $"lowers it from {Word(policy)} to {Word(decision)}");
        return policy;
    }

    private static IEnumerable<T> Strict<T>(IEnumerable<T> rules, Func<T, Decision> decision, Func<T, string> what, string key, Action<string, string> ignored)
    {
        foreach (var rule in rules)
        {
            if (decision(rule) != Decision.Allow) yield return rule;
            else ignored(key, what(rule));
        }
    }

    // A pin can only take programs away; two that differ leave none, which the user must settle.
    private static Dictionary<string, string> Pins(PolicySection user, PolicySection repository, Action<string, string> ignored)
    {
        var pins = new Dictionary<string, string>(user.Pins, StringComparer.Ordinal);
        foreach (var name in repository.Pins.Keys) ignored("commands.programs", $"says which program '{name}' is");
        return pins;
    }

    private static NetworkAccess Hosts(PolicySection user, PolicySection repository, Action<string, string> ignored)
    {
        var mine = new NetworkAccess(user.Hosts);
        var strict = Strict(
            repository.Hosts.Where(r => r.Decide != Decision.Allow || mine.Decide(r.Host, r.Port).Decision != Decision.Allow),
            r => r.Decide, r => $"adds the host '{r}' to those that the sandbox may reach", "network.hosts", ignored);
        return mine.And(strict);
    }

    internal static string Word(Decision decision) => decision switch { Decision.Allow => "allow", Decision.Review => "review", _ => "deny" };
}
