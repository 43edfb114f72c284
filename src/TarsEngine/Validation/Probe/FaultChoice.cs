using DiffPlex;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Validation.Tampering;

namespace TarsEngine.Validation.Probe;

/// <summary>Which faults are tried: in what the change wrote of code that is no test's, spread over files and members, the same each time.</summary>
internal static class FaultChoice
{
    // Myers' algorithm grows with lines times differences.
    private const int MostCompared = 8_000;

    public static IReadOnlyList<Fault> Choose(ChangeSet changes, TestCode tests, Func<RepositoryPath, FileState, byte[]> content, int most)
    {
        var queues = new List<Queue<Fault>>();
        foreach (var change in changes.Where(c => c.After is not null && TestCode.IsCSharp(c.Path)))
        {
            var text = ChangedText.Read(change, content);
            if (text.After is null || tests.Is(change.Path, text.Before, text.After)) continue;
            var lines = ChangedLines(text.Before ?? "", text.After);
            queues.AddRange(CSharpFaults.Find(change.Path, text.After, lines.Contains).GroupBy(f => f.Member, StringComparer.Ordinal).Select(Ordered));
        }
        var chosen = new List<Fault>();
        while (chosen.Count < most && queues.Exists(q => q.Count > 0))
        {
            foreach (var queue in queues.Where(q => q.Count > 0))
            {
                if (chosen.Count < most) chosen.Add(queue.Dequeue());
            }
        }
        return chosen;
    }

    // One of each kind first, and one a line: two faults in one line mostly show the same.
    private static Queue<Fault> Ordered(IEnumerable<Fault> faults)
    {
        var perLine = faults.OrderBy(f => f.Kind).GroupBy(f => f.Line).OrderBy(g => g.Key).Select(g => g.First()).ToList();
        return new(perLine.GroupBy(f => f.Kind).SelectMany(g => g.Select((fault, round) => (fault, round))).OrderBy(x => x.round).ThenBy(x => x.fault.Kind).Select(x => x.fault));
    }

    /// <summary>The lines of the new text that the old one doesn't have, from 1.</summary>
    public static IReadOnlySet<int> ChangedLines(string before, string after)
    {
        string[] old = before.ReplaceLineEndings("\n").Split('\n'), now = after.ReplaceLineEndings("\n").Split('\n');
        if (old.Length + now.Length <= MostCompared)
            return new Differ().CreateLineDiffs(string.Join('\n', old), string.Join('\n', now), ignoreWhitespace: true).DiffBlocks.SelectMany(b => Enumerable.Range(b.InsertStartB + 1, b.InsertCountB)).ToHashSet();
        var known = old.ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(1, now.Length).Where(line => !known.Contains(now[line - 1])).ToHashSet();
    }
}
