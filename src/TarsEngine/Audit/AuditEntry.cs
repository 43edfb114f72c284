namespace TarsEngine.Audit;

/// <summary>What is to be recorded.</summary>
/// <param name="Action">A stable word: 'improvement-added', 'execution-started', 'transaction-committed', …</param>
/// <param name="Actor">Who did it.</param>
/// <param name="Subject">What it was done to: 'IMP-12', 'CTX-7', 'TX-9'.</param>
/// <param name="Details">Whatever else explains it; may be empty.</param>
public sealed record AuditEntry(string Action, string Actor, string Subject, IReadOnlyDictionary<string, string> Details)
{
    public AuditEntry(string action, string actor, string subject, params ReadOnlySpan<(string Name, string Value)> details)
        : this(action, actor, subject, ToDictionary(details))
    {
    }

    private static SortedDictionary<string, string> ToDictionary(ReadOnlySpan<(string Name, string Value)> details)
    {
        var named = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in details) named[name] = value;
        return named;
    }
}

/// <summary>A recorded entry.</summary>
/// <param name="Sequence">1, 2, 3, … without a gap.</param>
/// <param name="KeyId">Names the key that signed it.</param>
/// <param name="Hash">Over this entry and the one before it, hexadecimal.</param>
public sealed record AuditRecord(long Sequence, DateTimeOffset Time, AuditEntry Entry, string KeyId, string Hash);

/// <summary>What checking the whole trail gave.</summary>
/// <param name="Entries">How many there are.</param>
/// <param name="Problems">What proves that the trail is not as it was written; empty when it is.</param>
/// <param name="Notices">What could not be proven, or is worth knowing.</param>
public sealed record AuditVerification(long Entries, IReadOnlyList<string> Problems, IReadOnlyList<string> Notices)
{
    public bool IsIntact => Problems.Count == 0;
}
