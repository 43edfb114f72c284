using TarsAutonomy.Alerts;
using TarsEngine.Documents;

namespace TarsAutonomy.Telemetry;

/// <summary>Where measurements go: 'autonomous.telemetry'. Nowhere, unless the user's own configuration names an address.</summary>
public sealed record TelemetrySettings
{
    public static TelemetrySettings Default { get; } = new();

    /// <summary>Of an OTLP receiver over HTTP, without '/v1/…'; null: off.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>A header with a credential; null for none.</summary>
    public string? Header { get; init; }
    public CredentialPlace? Credential { get; init; }

    /// <summary>The longest that the end of a night waits for what is not sent yet.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromSeconds(5);

    public static TelemetrySettings Read(MapReader map)
    {
        var (text, header, credential) = (map.RequiredString("endpoint"), map.OptionalString("header"), CredentialPlace.Read(map, "from"));
        var settings = new TelemetrySettings
        {
            Endpoint = SafeAddress.Of(text),
            Header = header,
            Credential = credential,
            Flush = map.OptionalDuration("flush", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)) ?? Default.Flush,
        };
        if (settings.Endpoint is null && text.Length > 0) map.Problem("endpoint", SafeAddress.Problem(text));
        if (header is null != credential is null) map.Problem("header", "A header needs 'from-environment' or 'from-file' for its value, and they need 'header'.");
        map.Done();
        return settings;
    }
}
