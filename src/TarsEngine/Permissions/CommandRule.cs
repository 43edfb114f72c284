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
    private readonly string[] programs = [.. Programs.Select(p => ProgramName.Base(p).ToUpperInvariant())];
    private readonly string[]? subcommands = Subcommands is null ? null : [.. Subcommands.Select(s => s.ToUpperInvariant())];
    private readonly OptionPattern[]? before = Patterns(Before);
    private readonly OptionPattern[]? with = Patterns(With);
    private readonly OptionPattern[]? only = Patterns(Only);

    internal bool Matches(SimpleCommand command)
    {
        var widely = Decide != Decision.Allow;
        if (!(widely ? ProgramName.MatchesWidely(programs, command.Names) : Programs.Any(p => ProgramName.MatchesExactly(p, command.Program)))) return false;
        if (subcommands is not null && !MatchesSubcommand(command.Subcommands, widely)) return false;
        if (before is not null && !AnyOf(before, command.Arguments.AsSpan(0, command.OptionsEnd), widely, all: false)) return false;
        if (with is not null && !AnyOf(with, command.Arguments, widely, all: false)) return false;
        return only is null || AnyOf(only, command.Arguments, widely, all: true);
    }

    private static OptionPattern[]? Patterns(IReadOnlyList<string>? texts) => texts is null ? null : [.. texts.Select(t => new OptionPattern(t))];

    // One argument that is one of the patterns; or every one.
    private bool AnyOf(OptionPattern[] patterns, ReadOnlySpan<CommandArgument> arguments, bool widely, bool all)
    {
        foreach (var argument in arguments)
        {
            var found = false;
            foreach (var pattern in patterns)
            {
                if (found = pattern.Matches(argument, widely)) break;
            }
            if (found && !all && !(ReferenceEquals(patterns, with) && IsExcepted(argument.Text))) return true;
            if (!found && all) return false;
        }
        return all;
    }

    // Where an option of unknown shape stands before it, the sub-command may be one of two words.
    private bool MatchesSubcommand(IReadOnlyList<string> candidates, bool widely)
    {
        foreach (var candidate in candidates)
        {
            var found = false;
            for (var i = 0; i < subcommands!.Length && !found; i++)
                found = widely ? Glob.Matches(subcommands[i], candidate.ToUpperInvariant()) : Glob.Matches(Subcommands![i], candidate);
            if (found == widely) return widely;
        }
        return !widely && candidates.Count > 0;
    }

    private bool IsExcepted(string argument) =>
        Except.Count > 0 && !argument.Contains("..", StringComparison.Ordinal) && Except.Any(e => Glob.Matches(e, argument));
}
