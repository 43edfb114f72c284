using System.Collections.Concurrent;
using System.Globalization;

namespace TarsCli.Tests.Stress;

/// <summary>How the killed commands ended, counted over all worlds.</summary>
internal sealed class KillTally
{
    private readonly ConcurrentDictionary<string, int> ends = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> bad = new();
    private int tried;

    public IReadOnlyCollection<string> Bad => bad;

    public int Tried => tried;

    public void Count(string end)
    {
        Interlocked.Increment(ref tried);
        ends.AddOrUpdate(end, 1, (_, n) => n + 1);
    }

    public void Report(string what) => bad.Enqueue(what);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{tried} kills, {bad.Count} bad: {string.Join(", ", ends.OrderBy(e => e.Key, StringComparer.Ordinal).Select(e => $"{e.Value} {e.Key}"))}");
}
