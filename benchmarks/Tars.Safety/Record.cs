using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tars.Safety;

/// <summary>What became of a trial, a line of the record.</summary>
/// <param name="Outcome">'landed', 'held', 'refused', or 'fault' where the engine itself broke.</param>
/// <param name="Stage">Where it was refused or held.</param>
/// <param name="Rules">Of the findings that refused or held it, distinct.</param>
internal sealed record Record(
    string Id, string Base, TrialGroup Group, string Kind, string Place, string Outcome, string? Stage, IReadOnlyList<string> Rules, string? Message, long Milliseconds);

/// <summary>What our own run of the suite said of a change, so that it is not run twice.</summary>
/// <param name="Result">'green', 'noticed', 'no-build', 'hangs'.</param>
/// <param name="Failed">Names of tests that failed.</param>
internal sealed record OracleRecord(string Oracle, string Base, string Result, IReadOnlyList<string> Failed);

/// <summary>The record on the disk: appended to line by line, so that an interrupted run goes on where it was.</summary>
internal sealed class Ledger
{
    private readonly string path;
    private readonly Dictionary<string, Record> records = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OracleRecord> oracle = new(StringComparer.Ordinal);

    public Ledger(string path)
    {
        this.path = path;
        if (!File.Exists(path)) return;
        // A line that a kill cut short is tried again.
        foreach (var line in File.ReadLines(path).Where(line => line.EndsWith('}'))) Take(line);
        if (File.ReadAllText(path) is { Length: > 0 } text && !text.EndsWith('\n')) File.AppendAllText(path, "\n");
    }

    public IReadOnlyCollection<Record> Records => records.Values;

    public Record? Find(Trial trial) => records.GetValueOrDefault(trial.Id);

    public OracleRecord? FindOracle(string id) => oracle.GetValueOrDefault(id);

    public void Add(Record record)
    {
        records[record.Id] = record;
        File.AppendAllText(path, JsonSerializer.Serialize(record, LedgerJson.Default.Record) + "\n");
    }

    public void Add(OracleRecord said)
    {
        oracle[said.Oracle] = said;
        File.AppendAllText(path, JsonSerializer.Serialize(said, LedgerJson.Default.OracleRecord) + "\n");
    }

    private void Take(string line)
    {
        if (line.StartsWith("{\"oracle\"", StringComparison.Ordinal))
        {
            if (JsonSerializer.Deserialize(line, LedgerJson.Default.OracleRecord) is { } said) oracle[said.Oracle] = said;
        }
        else if (JsonSerializer.Deserialize(line, LedgerJson.Default.Record) is { } record)
        {
            records[record.Id] = record;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Record))]
[JsonSerializable(typeof(OracleRecord))]
internal sealed partial class LedgerJson : JsonSerializerContext;
