using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Audit;

/// <summary>One row of the trail as it is stored, and how rows are chained.</summary>
internal sealed record AuditRow(
    long Sequence, string Time, string Action, string Actor, string Subject, string Details, string KeyId, byte[] Hash, byte[] Signature)
{
    public const string Columns = "sequence, time, action, actor, subject, details, key, hash, signature";
    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static AuditRow Read(StateRow row) => new(
        row.Long(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5), row.Text(6), row.Bytes(7), row.Bytes(8));

    /// <summary>The row that comes next, signed.</summary>
    public static AuditRow After(AuditRow? last, string codebase, DateTimeOffset time, AuditEntry entry, AuditKey key)
    {
        var row = new AuditRow((last?.Sequence ?? 0) + 1, StateValue.Time(time), Clean(entry.Action), Clean(entry.Actor), Clean(entry.Subject),
            WriteDetails(entry.Details), key.Id, [], []);
        var hash = row.ChainHash(last?.Hash ?? Genesis(codebase));
        return row with { Hash = hash, Signature = key.Sign(hash) };
    }

    /// <summary>What the first entry is chained to: an entry can't be carried into another codebase's trail.</summary>
    public static byte[] Genesis(string codebase) => SHA256.HashData(Encoding.UTF8.GetBytes("tars audit v1 " + codebase));

    /// <summary>The hash that this row must have behind <paramref name="previous"/>.</summary>
    public byte[] ChainHash(byte[] previous)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var value in (object[])[previous, Sequence, Time, Action, Actor, Subject, Details, KeyId])
            RowChecksum.AddValue(digest, value);
        return digest.GetHashAndReset();
    }

    public AuditRecord ToRecord() => StateValue.TryTime(Time, out var time) && TryReadDetails(out var details)
        ? new(Sequence, time, new AuditEntry(Action, Actor, Subject, details), KeyId, Convert.ToHexStringLower(Hash))
        : throw RowChecksum.Damaged("audit", $"entry {Sequence}");

    /// <summary>The row as one line of JSON, with all that is needed to check it elsewhere.</summary>
    public string ToLine()
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("sequence", Sequence);
            json.WriteString("time", Time);
            json.WriteString("action", Action);
            json.WriteString("actor", Actor);
            json.WriteString("subject", Subject);
            json.WritePropertyName("details");
            if (TryReadDetails(out _)) json.WriteRawValue(Details);
            else throw RowChecksum.Damaged("audit", $"entry {Sequence}");
            json.WriteString("key", KeyId);
            json.WriteString("hash", Convert.ToHexStringLower(Hash));
            json.WriteString("signature", Convert.ToHexStringLower(Signature));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static string WriteDetails(IReadOnlyDictionary<string, string> details)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Plain))
        {
            json.WriteStartObject();
            foreach (var (name, value) in details.OrderBy(d => d.Key, StringComparer.Ordinal)) json.WriteString(Clean(name), Clean(value));
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private bool TryReadDetails(out SortedDictionary<string, string> details)
    {
        details = new(StringComparer.Ordinal);
        try
        {
            using var json = JsonDocument.Parse(Details);
            if (json.RootElement.ValueKind != JsonValueKind.Object) return false;
            foreach (var property in json.RootElement.EnumerateObject()) details[property.Name] = property.Value.GetString() ?? "";
            return true;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    // Names that are not UTF-8, and characters that would act on a terminal, are stored as they are shown.
    private static string Clean(string text) => text.Any(c => char.IsSurrogate(c) || (char.IsControl(c) && c is not ('\n' or '\t'))) ? ByteText.Display(text) : text;
}
