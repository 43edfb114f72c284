namespace TarsEngine.Terminal;

public enum OutputSource
{
    Output,
    Error,
}

/// <summary>One line of a command's output, safe to show: no control character, nothing that acts on a terminal.</summary>
public sealed record OutputLine(OutputSource Source, string Text);

/// <summary>How much of a command's output is handed on and kept.</summary>
public sealed record OutputLimits
{
    /// <summary>Longer lines are cut, with a mark; the log has them whole.</summary>
    public int LineCharacters { get; init; } = 4096;

    /// <summary>After this much, lines go to the log only, with a mark.</summary>
    public long TotalCharacters { get; init; } = 4L << 20;

    /// <summary>The last lines, which the result holds in any case.</summary>
    public int TailLines { get; init; } = 200;

    /// <summary>After this much the log ends, with a mark; the command runs on.</summary>
    public long LogBytes { get; init; } = 256L << 20;
}
