using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Files;

namespace TarsEngine.Planning;

/// <summary>Events and options as they stand in rows.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    Converters = [typeof(RepositoryPathConverter)])]
[JsonSerializable(typeof(ExecutionEvent))]
[JsonSerializable(typeof(ExecutionOptions))]
[JsonSerializable(typeof(RepositoryPath[]))]
internal sealed partial class PlanningJson : JsonSerializerContext;

/// <summary>Paths as bytes in base 64: JSON can't carry every file name.</summary>
internal sealed class RepositoryPathConverter : JsonConverter<RepositoryPath>
{
    public override RepositoryPath Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        try
        {
            return RepositoryPath.FromBytes(reader.GetBytesFromBase64());
        }
        catch (FormatException error)
        {
            throw new JsonException(error.Message, error);
        }
    }

    public override void Write(Utf8JsonWriter writer, RepositoryPath value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value.ToBytes());
}
