namespace TarsEngine.Planning;

/// <summary>Where an execution stands.</summary>
public enum ContextState
{
    /// <summary>The plan is being made and checked.</summary>
    Planning,

    /// <summary>The steps run in a workspace.</summary>
    Staging,

    /// <summary>The frozen change is being checked.</summary>
    Validating,

    /// <summary>It passed and waits for a person.</summary>
    AwaitingReview,

    /// <summary>Its transactions are being written.</summary>
    Committing,

    /// <summary>Its change is in the codebase.</summary>
    Landed,

    /// <summary>Some of its transactions, or of their files, were rolled back.</summary>
    PartlyRolledBack,

    /// <summary>It landed and was rolled back whole.</summary>
    RolledBack,

    /// <summary>It changes nothing.</summary>
    NothingToDo,

    /// <summary>A step or a check failed; the codebase is untouched.</summary>
    Failed,

    /// <summary>Policy forbids it.</summary>
    Denied,

    /// <summary>The codebase is no longer what the change was made for.</summary>
    Conflicted,

    /// <summary>A person must look at something before it may land.</summary>
    Held,

    /// <summary>A reviewer said no.</summary>
    Rejected,

    /// <summary>A person stopped it.</summary>
    Cancelled,

    /// <summary>Its process died; the codebase is untouched.</summary>
    Interrupted,

    /// <summary>A later execution took its place.</summary>
    Superseded,
}

/// <summary>What can be said of a state.</summary>
public static class ContextStates
{
    /// <summary>True while a process works on it (or died while it did).</summary>
    public static bool IsRunning(this ContextState state) =>
        state is ContextState.Planning or ContextState.Staging or ContextState.Validating or ContextState.Committing;

    /// <summary>True when nothing happens until somebody does something.</summary>
    public static bool IsAtRest(this ContextState state) => !state.IsRunning();

    /// <summary>True where a person's decision is what it waits for.</summary>
    public static bool AwaitsReview(this ContextState state) => state is ContextState.AwaitingReview or ContextState.Held;

    /// <summary>The state in words with dashes, as reports and the audit trail have it: 'awaiting-review'.</summary>
    public static string Word(this ContextState state) => Names.WithDashes(state.ToString());
}

internal static class Names
{
    public static string WithDashes(string name) =>
        string.Concat(name.Select((c, i) => char.IsAsciiLetterUpper(c) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(c) : c.ToString()));
}
