using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace TarsEngine.Sandbox.Packages;

/// <summary>What 'packages.lock.json' says.</summary>
internal static class NugetLockFile
{
    /// <summary>Adds 'id/version' in small letters, and the content hash.</summary>
    /// <exception cref="JsonException">It is none.</exception>
    [SuppressMessage("Globalization", "CA1308", Justification = "NuGet's folders are written in lower case.")]
    public static void Read(ReadOnlyMemory<byte> json, IDictionary<string, string> into)
    {
        if (json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF])) json = json[3..];
        using var document = JsonDocument.Parse(json, new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = 16 });
        if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("dependencies", out var frameworks) || frameworks.ValueKind != JsonValueKind.Object) return;
        foreach (var package in frameworks.EnumerateObject().Where(f => f.Value.ValueKind == JsonValueKind.Object).SelectMany(f => f.Value.EnumerateObject()).Where(p => p.Value.ValueKind == JsonValueKind.Object))
        {
            if (Text(package.Value, "resolved") is { } version && Text(package.Value, "contentHash") is { } hash)
                into[$"{package.Name}/{version}".ToLowerInvariant()] = hash;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
