namespace TarsCli.Output;

/// <summary>How a command ends: the exit code, and for people what happened, to which thing, and how to go on.</summary>
/// <param name="Message">The headline that people search for; null when the answer already says it all.</param>
internal sealed record Ending(ExitCode Code, string? Message = null)
{
    public static Ending Done { get; } = new(ExitCode.Done);

    /// <summary>One line each, under the headline.</summary>
    public IReadOnlyList<string> Details { get; init; } = [];

    /// <summary>How to go on; commands to type stand in quotes.</summary>
    public IReadOnlyList<string> Hints { get; init; } = [];
}
