namespace TarsEngine.Permissions;

/// <summary>
/// What may be run, by program, sub-command and arguments. A rule that allows is read narrowly, one that forbids widely; every part
/// that is set must fit.
/// </summary>
/// <param name="Programs">Names with '*', or absolute paths.</param>
/// <param name="Subcommands">The first word that is no option; null: any.</param>
/// <param name="Before">One of these options stands before the sub-command; null: no matter.</param>
/// <param name="With">One argument is one of these; null: no matter.</param>
/// <param name="Only">Every argument is one of these; null: no matter.</param>
/// <param name="Except">Arguments that <paramref name="With"/> doesn't look at.</param>
public sealed record CommandRule(
    string Name, RuleOrigin Origin, string Because, IReadOnlyList<string> Programs, IReadOnlyList<string>? Subcommands,
    IReadOnlyList<string>? Before, IReadOnlyList<string>? With, IReadOnlyList<string>? Only, IReadOnlyList<string> Except, Decision Decide)
    : PolicyRule(Name, Origin, Because)
{
    internal bool Matches(SimpleCommand command)
    {
        var widely = Decide != Decision.Allow;
        if (!Programs.Any(p => widely ? ProgramName.MatchesWidely(p, command.Names) : ProgramName.MatchesExactly(p, command.Program))) return false;
        if (Subcommands is not null && !MatchesSubcommand(command.Subcommands, widely)) return false;
        if (Before is not null && !command.Arguments.Take(command.OptionsEnd).Any(a => Any(Before, a, widely))) return false;
        if (With is not null && !command.Arguments.Any(a => Any(With, a, widely) && !IsExcepted(a))) return false;
        return Only is null || command.Arguments.All(a => Any(Only, a, widely));
    }

    private static bool Any(IReadOnlyList<string> patterns, string argument, bool widely)
    {
        foreach (var pattern in patterns)
        {
            if (OptionPattern.Matches(pattern, argument, widely)) return true;
        }
        return false;
    }

    // Where an option of unknown shape stands before it, the sub-command may be one of two words.
    private bool MatchesSubcommand(IReadOnlyList<string> candidates, bool widely) => widely
        ? candidates.Any(c => Subcommands!.Any(s => Glob.Matches(s.ToUpperInvariant(), c.ToUpperInvariant())))
        : candidates.Count > 0 && candidates.All(c => Subcommands!.Any(s => Glob.Matches(s, c)));

    private bool IsExcepted(string argument) =>
        Except.Count > 0 && !argument.Contains("..", StringComparison.Ordinal) && Except.Any(e => Glob.Matches(e, argument));
}
