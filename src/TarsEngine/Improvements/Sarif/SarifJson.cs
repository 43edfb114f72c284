using System.Text.Json;

namespace TarsEngine.Improvements.Sarif;

/// <summary>Looks into JSON that somebody else wrote: what has another type than it must have isn't there.</summary>
internal static class SarifJson
{
    public static JsonElement? Map(this JsonElement element, string name) => element.Of(name, JsonValueKind.Object);

    public static string? Text(this JsonElement element, string name) => element.Of(name, JsonValueKind.String) is { } value ? TextOf(value) : null;

    public static int? Number(this JsonElement element, string name) =>
        element.Of(name, JsonValueKind.Number) is { } value && value.TryGetInt32(out var number) ? number : null;

    /// <summary>The elements of a list; none where there is no list.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Of(name, JsonValueKind.Array) is { } list ? list.EnumerateArray() : [];

    public static bool Has(this JsonElement element, string name) => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out _);

    private static JsonElement? Of(this JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    // Half a surrogate pair, written as an escape, is no text.
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
