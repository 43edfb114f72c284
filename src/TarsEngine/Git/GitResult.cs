using TarsEngine.Files;

namespace TarsEngine.Git;

/// <summary>How a run of git ended.</summary>
/// <param name="Command">As typed, for messages.</param>
public sealed record GitResult(string Command, int ExitCode, byte[] Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The output as text, without the last newline; bytes that are not UTF-8 as in <see cref="RepositoryPath"/>.</summary>
    public string Text => ByteText.Decode(Output).TrimEnd('\n');

    /// <summary>This, when git succeeded.</summary>
    /// <exception cref="GitException">It failed.</exception>
    public GitResult Checked() => Succeeded
        ? this
        : throw new GitException($"'{Command}' failed with exit code {ExitCode}: {Error.Trim()}");

    /// <summary>The parts of the output that a NUL ends, such as '-z' gives.</summary>
    internal IEnumerable<ReadOnlyMemory<byte>> Records()
    {
        for (var rest = Output.AsMemory(); !rest.IsEmpty;)
        {
            var end = rest.Span.IndexOf((byte)0);
            if (end < 0) end = rest.Length;
            yield return rest[..end];
            rest = rest[Math.Min(end + 1, rest.Length)..];
        }
    }
}

/// <summary>Git is missing, or could not do what it must be able to do.</summary>
public sealed class GitException(string message) : IOException(message)
{
    /// <summary>It was still running when its time was up.</summary>
    internal bool TimedOut { get; init; }
}
