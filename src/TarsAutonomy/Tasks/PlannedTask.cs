namespace TarsAutonomy.Tasks;

/// <summary>Under which heading of the plan a task stands.</summary>
public enum TaskSection
{
    /// <summary>May be executed without supervision.</summary>
    Ready,

    /// <summary>A person must approve it first.</summary>
    Pending,

    /// <summary>Not for autonomous execution.</summary>
    NotReady,
}

/// <summary>What a plan says of a task's tests.</summary>
public enum TestsDefined
{
    NotSaid,
    Yes,
    No,
}

/// <summary>One task of the plan, as its author wrote it.</summary>
/// <param name="Id">Unique in the plan: 'task_3'.</param>
/// <param name="Description">The rest of its line, on one line.</param>
/// <param name="AlignmentScore">Out of 100; null where it isn't said or can't be read.</param>
/// <param name="EstimatedLines">Null where it isn't said or can't be read.</param>
/// <param name="Status">In capitals, without marks: 'READY', 'DONE', 'FAILED'; null where it isn't said.</param>
/// <param name="Line">Where it begins; 1 is the first.</param>
public sealed record PlannedTask(
    string Id, string Description, TaskSection Section, int? AlignmentScore, int? EstimatedLines, TestsDefined Tests, string? Status, int Line)
{
    /// <summary>A status, as the editor writes it.</summary>
    public const string Ready = "READY", Done = "DONE", Failed = "FAILED";

    /// <summary>What stands behind 'Tests defined'.</summary>
    public string? TestsNote { get; init; }

    /// <summary>What stands behind 'Safety check'.</summary>
    public string? SafetyNote { get; init; }

    /// <summary>True where the safety check says that a person should look: marked with a warning sign or 'needs review'.</summary>
    public bool SafetyNeedsReview { get; init; }

    /// <summary>When it was approved, as it is written; null when it wasn't.</summary>
    public string? Approved { get; init; }

    /// <summary>True when a person approved it ('Approved:'); false for 'Auto-approved:', which whoever wrote the plan gave it.</summary>
    public bool IsApprovedByPerson { get; init; }

    /// <summary>Why it isn't ready, as it is written.</summary>
    public string? Reason { get; init; }

    /// <summary>How it is to be done instead, as it is written.</summary>
    public string? Use { get; init; }

    /// <summary>One of the agents of the user's own configuration; null for the default one.</summary>
    public string? Agent { get; init; }

    /// <summary>What is wrong with a part of it on which safety rests, in sentences; null when all is well. Such a task is never safe.</summary>
    public string? Problem { get; init; }

    /// <summary>Changes when anything changes that says what is to be done: the description and all of its metadata but status and approval.</summary>
    public required string Fingerprint { get; init; }
}
