namespace TarsEngine.Permissions;

/// <summary>One argument, as it stands and in capitals.</summary>
internal readonly record struct CommandArgument(string Text, string Upper)
{
    public static CommandArgument[] Of(IReadOnlyList<string> arguments)
    {
        var all = new CommandArgument[arguments.Count];
        for (var i = 0; i < all.Length; i++) all[i] = new(arguments[i], arguments[i].ToUpperInvariant());
        return all;
    }
}

/// <summary>
/// Matches one argument. '--long' also stands for '--long=value' and, for rules that forbid, for what GNU programs take as its
/// abbreviation; '-x' for the letter anywhere in a cluster ('-ax', '-xvalue'). Everything else is the whole argument, with '*' and '?'.
/// </summary>
internal sealed class OptionPattern
{
    /// <summary>Programs take '--up' for '--upload-pack'; shorter than this is no abbreviation of anything.</summary>
    private const int ShortestAbbreviation = 4;

    private readonly string text, upper, name;
    private readonly string? value;
    private readonly char letter;

    public OptionPattern(string text)
    {
        (this.text, upper, name) = (text, text.ToUpperInvariant(), "");
        if (text.StartsWith("--", StringComparison.Ordinal) && text.Length > 2) (name, value) = Split(text);
        else if (text.Length == 2 && text[0] == '-' && char.IsAsciiLetter(text[1])) letter = text[1];
    }

    public bool Matches(CommandArgument argument, bool widely)
    {
        if (name.Length > 0) return argument.Text.StartsWith("--", StringComparison.Ordinal) && MatchesLong(argument.Text, widely);
        if (letter != 0) return MatchesShort(argument.Text, widely);
        return widely ? Glob.Matches(upper, argument.Upper) : Glob.Matches(text, argument.Text);
    }

    private bool MatchesLong(string argument, bool widely)
    {
        var end = argument.IndexOf('=', StringComparison.Ordinal);
        var given = end < 0 ? argument.AsSpan() : argument.AsSpan(0, end);
        var named = Glob.Matches(name, given)
            || (widely && given.Length >= ShortestAbbreviation && name.AsSpan().StartsWith(given, StringComparison.OrdinalIgnoreCase));
        // A value that follows as a word of its own isn't looked at: the option alone is enough to forbid, never enough to allow.
        return named && (value is null || (end < 0 ? widely : Glob.Matches(value, argument.AsSpan(end + 1))));
    }

    private bool MatchesShort(string argument, bool widely)
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
