using System.Globalization;
using System.Text;
using System.Text.Json;
using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>Steps as canonical JSON: one text for one meaning, so that it can be stored, hashed and compared. Contents stand there by hash.</summary>
public static class StepJson
{
    public static string Write(IReadOnlyList<StepDefinition> steps)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartArray();
            foreach (var step in steps) WriteStep(json, step);
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public static string Write(StepDefinition step) => Write([step])[1..^1];

    /// <exception cref="FormatException">The text is not what <see cref="Write(IReadOnlyList{StepDefinition})"/> writes.</exception>
    public static IReadOnlyList<StepDefinition> Read(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return [.. document.RootElement.EnumerateArray().Select(ReadStep)];
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new FormatException("The stored steps can't be read: " + error.Message, error);
        }
    }

    public static StepDefinition ReadOne(string text) => Read("[" + text + "]")[0];

    private static void WriteStep(Utf8JsonWriter json, StepDefinition step)
    {
        json.WriteStartObject();
        json.WriteString("id", step.Id);
        if (step.Description is not null) json.WriteString("description", step.Description);
        if (step.Transaction != StepDefinition.DefaultTransaction) json.WriteString("transaction", step.Transaction);
        if (step.DependsOn.Count > 0)
        {
            json.WriteStartArray("dependsOn");
            foreach (var id in step.DependsOn) json.WriteStringValue(id);
            json.WriteEndArray();
        }
        json.WriteStartObject("action");
        ActionJson.Write(json, step.Action);
        json.WriteEndObject();
        if (step.Expectations.Count > 0)
        {
            json.WriteStartArray("expect");
            foreach (var expectation in step.Expectations) WriteExpectation(json, expectation);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    }

    private static StepDefinition ReadStep(JsonElement step) => new(
        step.GetProperty("id").GetString()!,
        ActionJson.Read(step.GetProperty("action")),
        step.TryGetProperty("dependsOn", out var ids) ? [.. ids.EnumerateArray().Select(i => i.GetString()!)] : [],
        step.TryGetProperty("description", out var description) ? description.GetString() : null,
        step.TryGetProperty("transaction", out var transaction) ? transaction.GetString()! : StepDefinition.DefaultTransaction,
        step.TryGetProperty("expect", out var expectations) ? [.. expectations.EnumerateArray().Select(ReadExpectation)] : []);

    private static void WriteExpectation(Utf8JsonWriter json, StepExpectation expectation)
    {
        json.WriteStartObject();
        json.WriteString("kind", expectation switch
        {
            ExistsExpectation => "exists",
            AbsentExpectation => "absent",
            ContainsExpectation => "contains",
            HashExpectation => "hash",
            _ => throw new ArgumentException($"{expectation.GetType()} is no known expectation.", nameof(expectation)),
        });
        WritePath(json, "path", expectation.Path);
        if (expectation is ContainsExpectation contains) json.WriteString("text", contains.Text);
        if (expectation is HashExpectation hash) json.WriteString("sha256", hash.Hash.Hex);
        json.WriteEndObject();
    }

    private static StepExpectation ReadExpectation(JsonElement json)
    {
        var path = ReadPath(json, "path");
        return json.GetProperty("kind").GetString() switch
        {
            "exists" => new ExistsExpectation(path),
            "absent" => new AbsentExpectation(path),
            "contains" => new ContainsExpectation(path, json.GetProperty("text").GetString()!),
            "hash" => new HashExpectation(path, ContentHash.Parse(json.GetProperty("sha256").GetString()!)),
            var other => throw new FormatException($"'{other}' is no known expectation."),
        };
    }

    /// <summary>A path as text; as bytes in base 64 where it isn't UTF-8, which JSON can't carry.</summary>
    internal static void WritePath(Utf8JsonWriter json, string name, RepositoryPath path)
    {
        if (!path.Value.Any(char.IsSurrogate) || IsUnicode(path.Value))
        {
            json.WriteString(name, path.Value);
            return;
        }
        json.WriteStartObject(name);
        json.WriteBase64String("bytes", path.ToBytes());
        json.WriteEndObject();
    }

    internal static RepositoryPath ReadPath(JsonElement json, string name)
    {
        var value = json.GetProperty(name);
        return value.ValueKind == JsonValueKind.Object
            ? RepositoryPath.FromBytes(value.GetProperty("bytes").GetBytesFromBase64())
            : RepositoryPath.Parse(value.GetString()!);
    }

    internal static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture);

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }
        return true;
    }
}
