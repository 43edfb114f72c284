using System.Text.Json;
using System.Text.Json.Serialization;

namespace TarsEngine.CSharp.Recording;

/// <summary>How the compiler was called for each project, kept beside what was built.</summary>
/// <param name="Tree">Names the state of the codebase that was built.</param>
internal sealed record CommandsFile(string Schema, string Tree, IReadOnlyList<Invocation> Invocations)
{
    public const string CurrentSchema = "tars/csharp-commands/v1";
    private const string Name = "csharp.json";

    /// <summary>Null where there is none that this program understands.</summary>
    public static CommandsFile? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path)) return null;
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize(stream, CommandsContext.Default.CommandsFile) is { Schema: CurrentSchema } file ? file : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string folder)
    {
        using var stream = File.Create(Path.Combine(folder, Name));
        JsonSerializer.Serialize(stream, this, CommandsContext.Default.CommandsFile);
    }
}

[JsonSourceGenerationOptions(IgnoreReadOnlyProperties = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(CommandsFile))]
internal sealed partial class CommandsContext : JsonSerializerContext;
