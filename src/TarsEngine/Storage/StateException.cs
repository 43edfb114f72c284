namespace TarsEngine.Storage;

/// <summary>Why the stored state can't be used.</summary>
public enum StateProblem
{
    /// <summary>Bytes are not what was written: damaged, cut or changed by someone else.</summary>
    Corrupt,

    /// <summary>Something that must be there is gone.</summary>
    Missing,

    /// <summary>Written by a newer version of the program.</summary>
    NewerVersion,

    /// <summary>Others held it for longer than the wait.</summary>
    Busy,

    /// <summary>The disk is full, failing, read-only, or access is refused.</summary>
    Disk,

    /// <summary>A commit returned an error: whether it holds shows only when the state is read again.</summary>
    OutcomeUnknown,
}

/// <summary>The stored state can't be read or written. Nothing is guessed: the message says what, where, and how to go on.</summary>
public sealed class StateException(StateProblem problem, string message, Exception? cause = null) : Exception(message, cause)
{
    public StateProblem Problem { get; } = problem;
}
