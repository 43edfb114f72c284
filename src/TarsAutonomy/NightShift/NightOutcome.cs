using TarsAutonomy.Sessions;
using TarsEngine.Changes;

namespace TarsAutonomy.NightShift;

/// <summary>How asking for a session ended.</summary>
public abstract record NightOutcome
{
    private NightOutcome()
    {
    }

    /// <summary>It came to its end; its tasks tell what it did.</summary>
    public sealed record Finished(NightSession Session) : NightOutcome;

    /// <summary>A person, or the kill switch, stopped it; it can be resumed.</summary>
    public sealed record Stopped(NightSession Session) : NightOutcome;

    /// <summary>There is nothing to do: 'No tasks ready for autonomous execution'.</summary>
    public sealed record NothingToDo(string Why) : NightOutcome;

    /// <summary>No task was begun: the base is red, the gate is missing, the constraints can't be read, …</summary>
    public sealed record Refused(string Why, IReadOnlyList<Finding> Findings, string Remedy) : NightOutcome;

    /// <summary>Another process runs one.</summary>
    public sealed record Busy(string Holder) : NightOutcome;
}
