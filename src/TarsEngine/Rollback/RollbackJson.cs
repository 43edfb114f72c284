using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Rollback;

/// <summary>How the journal's rows are written. Paths are plain text, or [hexadecimal bytes] when they are not UTF-8.</summary>
[JsonSourceGenerationOptions(
    Converters = [typeof(PathConverter), typeof(HashConverter)], UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Manifest))]
[JsonSerializable(typeof(ChangeRow[]))]
[JsonSerializable(typeof(UndoneRow[]))]
internal sealed partial class RollbackJson : JsonSerializerContext
{
    public static string Write(Manifest manifest) => JsonSerializer.Serialize(manifest, Default.Manifest);

    public static Manifest ReadManifest(string text) =>
        JsonSerializer.Deserialize(text, Default.Manifest) ?? throw new JsonException("The manifest is null.");

    public static string Write(ChangeSet changes) =>
        JsonSerializer.Serialize([.. changes.Select(c => new ChangeRow(c.Path, c.Before, c.After, c.RenamedFrom))], Default.ChangeRowArray);

    public static ChangeSet ReadChanges(string text) =>
        new((JsonSerializer.Deserialize(text, Default.ChangeRowArray) ?? []).Select(r => new FileChange(r.Path, r.Before, r.After, r.RenamedFrom)));

    public static string Write(IReadOnlyList<UndonePart> undoes) =>
        JsonSerializer.Serialize([.. undoes.Select(u => new UndoneRow(u.Transaction.Number, u.Paths))], Default.UndoneRowArray);

    public static IReadOnlyList<UndonePart> ReadUndoes(string text) =>
        [.. (JsonSerializer.Deserialize(text, Default.UndoneRowArray) ?? []).Select(r => new UndonePart(new TransactionId(r.Transaction), r.Paths))];
}

internal sealed record ChangeRow(RepositoryPath Path, FileState? Before, FileState? After, RepositoryPath? RenamedFrom);

internal sealed record UndoneRow(long Transaction, IReadOnlyList<RepositoryPath> Paths);

internal sealed class PathConverter : JsonConverter<RepositoryPath>
{
    public override RepositoryPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) return RepositoryPath.Parse(reader.GetString() ?? "");
        reader.Read();
        var path = RepositoryPath.FromBytes(Convert.FromHexString(reader.GetString() ?? ""));
        reader.Read();
        return path;
    }

    public override void Write(Utf8JsonWriter writer, RepositoryPath value, JsonSerializerOptions options)
    {
        if (!value.Value.Any(char.IsSurrogate))
        {
            writer.WriteStringValue(value.Value);
            return;
        }
        writer.WriteStartArray();
        writer.WriteStringValue(Convert.ToHexStringLower(value.ToBytes()));
        writer.WriteEndArray();
    }
}

internal sealed class HashConverter : JsonConverter<ContentHash>
{
    public override ContentHash Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        ContentHash.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, ContentHash value, JsonSerializerOptions options) => writer.WriteStringValue(value.Hex);
}
