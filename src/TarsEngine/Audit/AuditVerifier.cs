using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Audit;

/// <summary>Walks the whole trail once and says everything that is wrong with it.</summary>
internal sealed class AuditVerifier(AuditVault vault, string codebase)
{
    private const int MostProblems = 100;
    private readonly List<string> problems = [];
    private readonly List<string> notices = [];
    private readonly SortedDictionary<string, (long First, long Last)> foreign = new(StringComparer.Ordinal);

    public AuditVerification Verify(IEnumerable<IReadOnlyList<AuditRow>> pages)
    {
        // Read before the rows: what is committed meanwhile is ahead of it, which is fine.
        var (keyFound, key) = vault.FindKey();
        var (headFound, head) = key is null ? (VaultItem.Missing, null) : vault.FindHead(key);
        var count = 0L;
        string? atHead = head is { Count: 0 } ? head.Hash : null;
        try
        {
            var previous = AuditRow.Genesis(codebase);
            var expected = 1L;
            foreach (var row in pages.SelectMany(page => page))
            {
                count++;
                Check(row, previous, expected, key);
                if (row.Sequence == head?.Count) atHead = Convert.ToHexStringLower(row.Hash);
                (previous, expected) = (row.Hash, row.Sequence + 1);
            }
        }
        catch (StateException error) when (error.Problem == StateProblem.Corrupt)
        {
            Problem($"After entry {count}: {error.Message}");
        }
        if (count > 0 || key is not null) CheckVault(keyFound, headFound);
        if (head is not null && atHead != head.Hash) Problem(HeadProblem(head, count, atHead));
        foreach (var (file, lost) in vault.FindLost())
            Problem($"A trail of {lost} entries was kept here before and is gone with its whole state. If you removed or moved it on purpose, remove '{file}'.");
        foreach (var (id, (first, last)) in foreign)
            notices.Add($"Entries {first} to {last} were signed with another key ({id}): another user, another machine or a lost key. Their chain is checked; their signatures can't be, here.");
        return new(count, problems, notices);
    }

    private void Check(AuditRow row, byte[] previous, long expected, AuditKey? key)
    {
        if (row.Sequence != expected)
        {
            Problem(row.Sequence > expected
                ? $"Entry {expected}{(row.Sequence - 1 > expected ? $" to {row.Sequence - 1}" : "")} is missing."
                : $"Entry {row.Sequence} stands where entry {expected} belongs.");
        }
        else if (!row.ChainHash(previous).AsSpan().SequenceEqual(row.Hash))
        {
            Problem($"Entry {row.Sequence} ({ByteText.Display(row.Action)} {ByteText.Display(row.Subject)}) is not what was written, or the one before it isn't.");
        }
        else if (row.KeyId != key?.Id)
        {
            foreign[row.KeyId] = foreign.TryGetValue(row.KeyId, out var range) ? range with { Last = row.Sequence } : (row.Sequence, row.Sequence);
        }
        else if (!key.HasSigned(row.Hash, row.Signature))
        {
            Problem($"Entry {row.Sequence} ({ByteText.Display(row.Action)} {ByteText.Display(row.Subject)}) carries a wrong signature.");
        }
    }

    private void CheckVault(VaultItem key, VaultItem head)
    {
        if (key != VaultItem.Present)
            Problem($"The trail's key is {Words(key)}: '{Path.Combine(vault.Folder, "key")}'. No signature can be checked; restore it from a backup.");
        else if (head == VaultItem.Missing)
            Problem($"The trail's head is missing: '{vault.HeadFile}'. A cut tail can't be excluded; restore it from a backup, or let the next entry begin a new one (the trail then says so).");
        else if (head == VaultItem.Damaged)
            Problem($"The trail's head is damaged: '{vault.HeadFile}'. Restore it from a backup; or remove it, then the next entry begins a new one and the trail says so.");
    }

    private string HeadProblem(AuditHead head, long count, string? atHead) =>
        (atHead is null
            ? $"The trail is cut: its head outside the codebase knows {head.Count} entries, here are {count}. "
            : $"The trail was rewritten: entry {head.Count} is not the one that its head outside the codebase knows. ")
        + $"If you restored an older state on purpose, remove '{vault.HeadFile}': the next entry then begins a new head and the trail says so.";

    private static string Words(VaultItem item) => item == VaultItem.Missing ? "missing" : "damaged";

    private void Problem(string message)
    {
        if (problems.Count < MostProblems) problems.Add(message);
        else if (problems.Count == MostProblems) problems.Add("… and more.");
    }
}
