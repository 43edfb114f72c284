using TarsEngine.Review;

namespace TarsAutonomy.Schedule;

/// <summary>What is needed to have nights begun by the system: its texts are <see cref="SystemdUnits"/> and <see cref="CrontabLine"/>.</summary>
/// <param name="Program">What runs tarscli, absolute, with the arguments before its own.</param>
/// <param name="Codebase">Its root, absolute.</param>
public sealed record Installation(IReadOnlyList<string> Program, string Codebase, ScheduleSettings Schedule)
{
    public const string DefaultName = "tars-night";

    /// <summary>Of the units, without their endings; another one for each codebase of a user.</summary>
    public string Name { get; init; } = DefaultName;

    /// <summary>The one that '--config' named; null for the usual one.</summary>
    public string? ConfigurationFile { get; init; }

    /// <summary>Where programs are looked for: a service begins with none of what the shell sets.</summary>
    public string? SearchPath { get; init; }

    /// <summary>A file of variables, for keys; it need not be there.</summary>
    public string? VariablesFile { get; init; }

    /// <summary>The first line of each file that is written: files without it are not ours.</summary>
    public const string Mark = "# Written by 'tarscli autonomous install'";

    internal string FirstLine => $"{Mark} for {Codebase}; run it again to change this, or delete the file.";

    internal IReadOnlyList<string> Command =>
        [.. Program, "-C", Codebase, .. ConfigurationFile is null ? (string[])[] : ["--config", ConfigurationFile], "autonomous", "run", .. Schedule.Windows.Count > 0 ? (string[])["--in-window"] : []];

    /// <summary>What can't be written into any of the files without being misread; null when all can.</summary>
    public string? Problem => Command.Append(SearchPath ?? "").Append(VariablesFile ?? "").FirstOrDefault(part => SafeText.Line(part, int.MaxValue) != part || part.Contains('\t', StringComparison.Ordinal)) is { } odd
        ? $"'{SafeText.Line(odd)}' holds characters that can't be seen; no unit and no crontab can name it safely."
        : null;
}
