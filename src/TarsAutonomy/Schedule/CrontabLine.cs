namespace TarsAutonomy.Schedule;

/// <summary>The line for a crontab; the user puts it there.</summary>
public static class CrontabLine
{
    /// <summary>Why there can be no such line; null when there can.</summary>
    public static string? Problem(Installation installation) => installation.Command.FirstOrDefault(word => word.Contains('\\', StringComparison.Ordinal)) is { } word
        // Programs called cron differ in what they make of one.
        ? $"'{word}' holds a backslash, which not every cron reads alike."
        : null;

    public static string Of(Installation installation) => $"{installation.Schedule.Cron} {string.Join(' ', installation.Command.Select(Quote))}";

    // For the shell first; then cron, which would end the line at a '%', takes the backslash off.
    private static string Quote(string word)
    {
        var isPlain = word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '.' or '-' or '_' or '+' or ',' or ':' or '@' or '=');
        return isPlain ? word : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'".Replace("%", "\\%", StringComparison.Ordinal);
    }
}
