using TarsEngine.Files;

namespace TarsEngine.Permissions;

/// <summary>Which variables a command may be given. Letter case counts not: MSBuild and proxies read variables in any.</summary>
/// <param name="Names">With '*'.</param>
public sealed record EnvironmentRule(string Name, RuleOrigin Origin, string Because, IReadOnlyList<string> Names, IReadOnlyList<string> Except, Decision Decide)
    : PolicyRule(Name, Origin, Because)
{
    private readonly string[] folded = [.. Names.Select(n => n.ToUpperInvariant())];
    private readonly string[] except = [.. Except.Select(n => n.ToUpperInvariant())];

    internal bool Matches(string variable)
    {
        var name = variable.ToUpperInvariant();
        return folded.Any(pattern => Glob.Matches(pattern, name)) && !except.Any(pattern => Glob.Matches(pattern, name));
    }
}

/// <summary>Decides on variables. No rule: what <paramref name="Otherwise"/> says. Several: the strictest.</summary>
public sealed record EnvironmentPolicy(IReadOnlyList<EnvironmentRule> Rules, Decision Otherwise)
{
    public const string NameRule = "variable-name";

    public PolicyDecision Decide(string variable, string value)
    {
        var shown = ByteText.Display(variable);
        if (!IsName(variable) || value.Contains('\0', StringComparison.Ordinal))
            return new(Decision.Deny, NameRule, RuleOrigin.BuiltIn, $"'{shown}' is no name of a variable, or its value holds a NUL.", shown);
        EnvironmentRule? strictest = null;
        var isSpokenOf = false;
        foreach (var rule in Rules)
        {
            var isStricter = strictest is null || rule.Decide > strictest.Decide || (rule.Decide == strictest.Decide && string.CompareOrdinal(rule.Name, strictest.Name) < 0);
            // A codebase's rule comes on top of the others: alone it doesn't lift what holds otherwise.
            var speaks = !isSpokenOf && rule.Origin.Author != RuleAuthor.Repository;
            if ((!isStricter && !speaks) || !rule.Matches(variable)) continue;
            isSpokenOf |= speaks;
            if (isStricter) strictest = rule;
        }
        if (strictest is null || (!isSpokenOf && strictest.Decide < Otherwise))
            return new(Otherwise, "environment.otherwise", RuleOrigin.BuiltIn, Otherwise == Decision.Allow ? $"No rule speaks against the variable '{shown}'." : $"No rule allows the variable '{shown}'.", shown);
        var what = strictest.Decide switch { Decision.Allow => "allows", Decision.Review => "holds for a person", _ => "denies" };
        return new(strictest.Decide, strictest.Name, strictest.Origin,
            $"The rule {strictest.Shown} {what} the variable '{shown}'{(strictest.Because.Length > 0 ? ": " + strictest.Because : ".")}", shown);
    }

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
}
