using TarsEngine.Files;

namespace TarsEngine.Validation.Reports;

/// <summary>Which lines of the codebase's sources a run of tests reached, as coverage reports tell it.</summary>
internal sealed class LineCoverage
{
    private const int MostLines = 2_000_000;
    private readonly Dictionary<RepositoryPath, Dictionary<int, bool>> files = [];
    private int lines;

    public bool IsEmpty => files.Count == 0;

    /// <summary>True when it was reached, false when not; null for a line without code, or that no report speaks of.</summary>
    public bool? Reached(RepositoryPath path, int line) => files.TryGetValue(path, out var known) && known.TryGetValue(line, out var reached) ? reached : null;

    /// <summary>Several reports speak of one line: one that reached it is enough.</summary>
    public void Add(RepositoryPath path, int line, bool reached)
    {
        if (lines >= MostLines) return;
        if (!files.TryGetValue(path, out var known)) files[path] = known = [];
        if (!known.TryGetValue(line, out var before)) lines++;
        known[line] = before || reached;
    }
}
