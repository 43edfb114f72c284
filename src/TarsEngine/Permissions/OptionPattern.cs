namespace TarsEngine.Permissions;

/// <summary>
/// Matches one argument. '--long' also stands for '--long=value' and, for rules that forbid, for what GNU programs take as its
/// abbreviation; '-x' for the letter anywhere in a cluster ('-ax', '-xvalue'). Everything else is the whole argument, with '*' and '?'.
/// </summary>
internal static class OptionPattern
{
    /// <summary>Programs take '--up' for '--upload-pack'; shorter than this is no abbreviation of anything.</summary>
    private const int ShortestAbbreviation = 4;

    public static bool Matches(string pattern, string argument, bool widely)
    {
        if (pattern.StartsWith("--", StringComparison.Ordinal) && pattern.Length > 2) return MatchesLong(pattern, argument, widely);
        if (pattern.Length == 2 && pattern[0] == '-' && char.IsAsciiLetter(pattern[1])) return MatchesShort(pattern[1], argument, widely);
        return widely
            ? Glob.Matches(pattern.ToUpperInvariant(), argument.ToUpperInvariant())
            : Glob.Matches(pattern, argument);
    }

    private static bool MatchesLong(string pattern, string argument, bool widely)
    {
        if (!argument.StartsWith("--", StringComparison.Ordinal)) return false;
        var (wanted, wantedValue) = Split(pattern);
        var (given, givenValue) = Split(argument);
        var named = Glob.Matches(wanted, given)
            || (widely && given.Length >= ShortestAbbreviation && wanted.StartsWith(given, StringComparison.OrdinalIgnoreCase));
        // A value that follows as a word of its own isn't looked at: the option alone is enough to forbid, never enough to allow.
        return named && (wantedValue is null || (givenValue is null ? widely : Glob.Matches(wantedValue, givenValue)));
    }

    private static bool MatchesShort(char letter, string argument, bool widely)
    {
        if (argument.Length < 2 || argument[0] != '-' || argument[1] == '-') return false;
        if (!widely) return argument.Length == 2 && argument[1] == letter;
        for (var i = 1; i < argument.Length && char.IsAsciiLetter(argument[i]); i++)
        {
            if (argument[i] == letter) return true;
        }
        return false;
    }

    private static (string Name, string? Value) Split(string option)
    {
        var at = option.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (option, null) : (option[..at], option[(at + 1)..]);
    }
}
