using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsAutonomy.Memory;

/// <summary>Tests that were seen to fail and then pass on the same tree: an agent is told that they are not its fault.</summary>
internal sealed class FlakyTests(StateDatabase database)
{
    private const string Table = "lessons", Kind = "flaky-test", Rule = "tests/flaky", Words = " failed, and passed when it was run again";
    private const int MostTold = 10, MostName = 300;

    /// <summary>Takes note of those in a run's events.</summary>
    public void Learn(IEnumerable<ExecutionEvent> events)
    {
        var names = events.OfType<FindingAdded>().Select(added => added.Finding).Where(finding => finding.Rule == Rule).Select(NameOf).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        if (names.Count == 0) return;
        database.Write("note flaky tests", tx =>
        {
            foreach (var name in names)
            {
                var body = tx.Now.ToString("u", CultureInfo.InvariantCulture);
                tx.Execute("INSERT OR REPLACE INTO lessons(kind, subject, body, checksum) VALUES($kind, $subject, $body, $checksum)",
                    ("$kind", Kind), ("$subject", name), ("$body", body), ("$checksum", RowChecksum.Of(Table, Kind, name, body)));
            }
        });
    }

    /// <summary>In words for an agent; empty where none is known.</summary>
    public string Told()
    {
        var names = database.Read("read flaky tests", tx => tx.Query("SELECT kind, subject, body, checksum FROM lessons WHERE kind = $kind ORDER BY body DESC, subject", row =>
        {
            RowChecksum.Verify(Table, $"the flaky test '{row.Text(1)}'", row.Bytes(3), row.Text(0), row.Text(1), row.Text(2));
            return row.Text(1);
        }, ("$kind", Kind)));
        return names.Count == 0 ? "" : $"\n\nTests that are known to be flaky, whatever you do: {string.Join(", ", names.Take(MostTold))}.";
    }

    private static string? NameOf(Finding finding) =>
        finding.Message.IndexOf(Words, StringComparison.Ordinal) is > 0 and <= MostName and var end ? finding.Message[..end] : null;
}
