using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Files;
using TarsEngine.Storage;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>
/// What checks gave on trees that were tried before. A tree's hash names every byte of it, so what a change's own run gave is the
/// baseline of the next change once it has landed.
/// </summary>
internal sealed class Baseline(StateDatabase database)
{
    private const string Table = "baselines";
    private const int Kept = 200;

    /// <summary>Null when the tree was never tried with these checks, or what was kept can't be read.</summary>
    public CheckRun? Find(ContentHash tree, ContentHash checks)
    {
        var row = database.Read("read baseline", connection => connection.QueryOne(
            "SELECT record, checksum FROM baselines WHERE tree = $tree AND checks = $checks",
            r => new Row(r.Bytes(0), r.Bytes(1)), ("$tree", tree), ("$checks", checks)));
        if (row is null) return null;
        RowChecksum.Verify(Table, $"the baseline of tree {tree}", row.Checksum, tree, checks, row.Record);
        return Unpack(row.Record);
    }

    /// <summary>Keeps a run, if it tells of the tree alone.</summary>
    public void Keep(ContentHash tree, ContentHash checks, CheckRun run)
    {
        if (!run.IsLasting) return;
        var record = Pack(run);
        database.Write("keep baseline", connection =>
        {
            connection.Execute(
                "INSERT OR REPLACE INTO baselines(tree, checks, time, record, checksum) VALUES($tree, $checks, $time, $record, $checksum)",
                ("$tree", tree), ("$checks", checks), ("$time", connection.Now), ("$record", record), ("$checksum", RowChecksum.Of(Table, tree, checks, record)));
            connection.Execute("DELETE FROM baselines WHERE rowid NOT IN (SELECT rowid FROM baselines ORDER BY rowid DESC LIMIT $kept)", ("$kept", (long)Kept));
        });
    }

    private static byte[] Pack(CheckRun run)
    {
        using var bytes = new MemoryStream();
        using (var packed = new BrotliStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
            JsonSerializer.Serialize(packed, run, BaselineContext.Default.CheckRun);
        return bytes.ToArray();
    }

    // An older program's record that no longer reads is as good as none: the checks run again.
    private static CheckRun? Unpack(byte[] record)
    {
        try
        {
            using var unpacked = new BrotliStream(new MemoryStream(record), CompressionMode.Decompress);
            return JsonSerializer.Deserialize(unpacked, BaselineContext.Default.CheckRun);
        }
        catch (Exception fault) when (fault is JsonException or InvalidDataException)
        {
            return null;
        }
    }

    private sealed record Row(byte[] Record, byte[] Checksum);
}

[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true, UseStringEnumConverter = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CheckRun))]
internal sealed partial class BaselineContext : JsonSerializerContext;
