using TarsEngine.Sandbox;

namespace TarsEngine.Terminal;

/// <summary>How a command ended, and the end of what it said. Exactly one of exit code and signal is set.</summary>
/// <param name="TimedOut">It was ended because its time was up.</param>
/// <param name="Tail">The last lines of both streams.</param>
/// <param name="OutputTruncated">Not every line was handed on whole; the log has more.</param>
/// <param name="LogFile">The full output, made safe to show.</param>
/// <param name="LimitReached">What it ran into, if anything.</param>
public sealed record CommandResult(
    int? ExitCode, int? Signal, bool TimedOut, TimeSpan Duration, IReadOnlyList<OutputLine> Tail, bool OutputTruncated, string LogFile,
    SandboxLimit LimitReached = SandboxLimit.None)
{
    public bool Succeeded => ExitCode == 0 && !TimedOut;

    /// <summary>For people: 'exit code 3', 'killed by signal 9 (out of memory)', 'timed out after 60 s'.</summary>
    public string Ending => this switch
    {
        { TimedOut: true } => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"timed out after {Duration.TotalSeconds:0.#} s"),
        { LimitReached: SandboxLimit.Memory, Signal: not null } => $"killed by signal {Signal}: out of memory",
        { LimitReached: SandboxLimit.Memory } => $"exit code {ExitCode}, after a process of it ran out of memory",
        { LimitReached: SandboxLimit.Processes, ExitCode: not 0 } => $"{How}, after it ran into the limit on processes",
        { LimitReached: SandboxLimit.Disk } => $"{How}: it wrote more to disk than its limit allows",
        { LimitReached: SandboxLimit.Output } => $"{How}: it said more than its limit allows",
        { LimitReached: SandboxLimit.FileSize } => $"{How}: a file of it grew beyond its limit",
        { LimitReached: SandboxLimit.Temporary } => $"{How}, after its /tmp was full",
        _ => How,
    };

    private string How => ExitCode is { } code ? $"exit code {code}" : $"killed by signal {Signal}";
}
