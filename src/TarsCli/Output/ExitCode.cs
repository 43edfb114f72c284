namespace TarsCli.Output;

/// <summary>What a command says to the shell. Scripts rely on these numbers: docs/user-guide.md lists them.</summary>
internal enum ExitCode
{
    /// <summary>Done, or waiting for review as asked.</summary>
    Done = 0,

    /// <summary>The change failed and left no trace, or was rejected.</summary>
    Failed = 1,

    /// <summary>The command line, or a file that was given, can't be read.</summary>
    Usage = 2,
    NotFound = 3,
    Conflict = 4,

    /// <summary>Denied by policy.</summary>
    Denied = 5,
    SandboxUnavailable = 6,

    /// <summary>The state needs recovery, or can't be trusted.</summary>
    RecoveryNeeded = 7,

    /// <summary>Held: a person must look.</summary>
    Held = 8,

    /// <summary>The monitor's time is over; the run goes on.</summary>
    TimedOut = 9,

    /// <summary>A fault of tarscli itself (BSD's EX_SOFTWARE).</summary>
    Defect = 70,

    /// <summary>Cancelled: 128 + SIGINT.</summary>
    Cancelled = 130,
}
