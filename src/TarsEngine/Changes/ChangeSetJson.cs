using System.Globalization;
using System.Text;
using System.Text.Json;
using TarsEngine.Files;

namespace TarsEngine.Changes;

/// <summary>Changes as JSON without loss: paths stand there as bytes in base 64, since JSON can't carry every file name.</summary>
internal static class ChangeSetJson
{
    public static string Write(IEnumerable<NamedChange> parts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var part in parts)
            {
                json.WriteStartObject();
                json.WriteString("name", part.Name);
                json.WriteStartArray("changes");
                foreach (var change in part.Changes) WriteChange(json, change);
                json.WriteEndArray();
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static string Write(ChangeSet changes) => Write([new NamedChange("", changes)]);

    /// <exception cref="FormatException">The text is not what <see cref="Write(IEnumerable{NamedChange})"/> writes.</exception>
    public static IReadOnlyList<NamedChange> Read(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return [.. json.RootElement.EnumerateArray().Select(part => new NamedChange(
                part.GetProperty("name").GetString()!, new ChangeSet(part.GetProperty("changes").EnumerateArray().Select(ReadChange))))];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException("The stored changes can't be read: " + error.Message, error);
        }
    }

    private static void WriteChange(Utf8JsonWriter json, FileChange change)
    {
        json.WriteStartObject();
        json.WriteBase64String("path", change.Path.ToBytes());
        WriteState(json, "before", change.Before);
        WriteState(json, "after", change.After);
        if (change.RenamedFrom is { } origin) json.WriteBase64String("from", origin.ToBytes());
        json.WriteEndObject();
    }

    private static FileChange ReadChange(JsonElement json) => new(
        RepositoryPath.FromBytes(json.GetProperty("path").GetBytesFromBase64()), ReadState(json, "before"), ReadState(json, "after"),
        json.TryGetProperty("from", out var origin) ? RepositoryPath.FromBytes(origin.GetBytesFromBase64()) : null);

    private static void WriteState(Utf8JsonWriter json, string name, FileState? state)
    {
        if (state is null) return;
        json.WriteStartObject(name);
        json.WriteString("kind", state.Kind.ToString());
        json.WriteNumber("mode", state.Mode);
        json.WriteString("sha256", state.Hash.Hex);
        json.WriteNumber("size", state.Size);
        json.WriteEndObject();
    }

    private static FileState? ReadState(JsonElement json, string name) => !json.TryGetProperty(name, out var state) ? null : new(
        state.GetProperty("kind").GetString() switch
        {
            nameof(EntryKind.File) => EntryKind.File,
            nameof(EntryKind.Symlink) => EntryKind.Symlink,
            var other => throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{other}' is no kind of entry.")),
        },
        state.GetProperty("mode").GetInt32(), ContentHash.Parse(state.GetProperty("sha256").GetString()!), state.GetProperty("size").GetInt64());
}
