using System.Text.Json;
using System.Text.Json.Serialization;
using TarsAutonomy.Sessions;

namespace TarsAutonomy.Alerts;

/// <summary>What an alert is about; the user's configuration names those that are sent.</summary>
public enum AlertKind
{
    /// <summary>A session came to its end with nothing to worry about.</summary>
    Finished,

    /// <summary>A task failed.</summary>
    Failed,

    /// <summary>A task waits for a person.</summary>
    Held,

    /// <summary>A session was stopped, or could not begin.</summary>
    Stopped,

    /// <summary>The base's own tests fail: no session can begin.</summary>
    RedBaseline,
}

/// <summary>Something that a person should hear of while looking elsewhere.</summary>
/// <param name="Title">One line.</param>
/// <param name="Text">Plain text, several lines.</param>
public sealed record Alert(AlertKind Kind, string Title, string Text, NightId? Night = null)
{
    /// <summary>Where the morning report lies.</summary>
    public string? Report { get; init; }
}

/// <summary>An alert as it is stored and posted. Fields are only ever added.</summary>
/// <param name="Id">Each time the same for the same message, so that who gets it twice can tell; "" while it is stored.</param>
/// <param name="Kind">'failed', 'red-baseline', …</param>
/// <param name="Night">'NIGHT-3'.</param>
internal sealed record AlertMessage(string Id, string Kind, string Title, string Text, string? Night, string? Report, string Codebase, DateTimeOffset Time)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; init; } = "tars/alert/v1";

    public string ToJson() => JsonSerializer.Serialize(this, AlertJson.Default.AlertMessage);

    /// <exception cref="JsonException">No message.</exception>
    public static AlertMessage FromJson(string json) =>
        JsonSerializer.Deserialize(json, AlertJson.Default.AlertMessage) ?? throw new JsonException("No message.");
}

[JsonSerializable(typeof(AlertMessage))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class AlertJson : JsonSerializerContext;
