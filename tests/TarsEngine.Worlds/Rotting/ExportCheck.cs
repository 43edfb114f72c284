using System.Text;
using System.Text.Json;
using TarsEngine.Audit;

namespace TarsEngine.Worlds.Rotting;

/// <summary>Checks an exported audit trail as somebody would who has nothing but it, the key and the head.</summary>
internal static class ExportCheck
{
    private static readonly UTF8Encoding strict = new(false, throwOnInvalidBytes: true);

    /// <returns>Why it is not what was written; null when it is.</returns>
    public static string? Problem(byte[] export, string codebase, AuditKey key, AuditHead head)
    {
        try
        {
            var previous = AuditRow.Genesis(codebase);
            var count = 0L;
            foreach (var line in strict.GetString(export).Split('\n')[..^1])
            {
                using var json = JsonDocument.Parse(line);
                string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
                var row = new AuditRow(json.RootElement.GetProperty("sequence").GetInt64(), Text("time"), Text("action"), Text("actor"), Text("subject"),
                    json.RootElement.GetProperty("details").GetRawText(), Text("key"), Convert.FromHexString(Text("hash")), Convert.FromHexString(Text("signature")));
                if (row.Sequence != ++count) return $"entry {count} is missing";
                if (!row.ChainHash(previous).AsSpan().SequenceEqual(row.Hash) || !key.HasSigned(row.Hash, row.Signature)) return $"entry {count} is not what was written";
                previous = row.Hash;
            }
            return count == head.Count && Convert.ToHexStringLower(previous) == head.Hash ? null : $"{head.Count} entries are known, {count} are here";
        }
        catch (Exception error) when (error is JsonException or FormatException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return error.Message;
        }
    }
}
