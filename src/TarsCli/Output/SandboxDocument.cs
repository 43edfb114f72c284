using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Sandbox;
using TarsEngine.Sandbox.Layers;

namespace TarsCli.Output;

/// <summary>'sandbox check --format json'.</summary>
internal sealed record SandboxDocument(
    bool Available, string Backend, string? Reason, string? Remedy, IReadOnlyList<string> Protections, IReadOnlyList<string> Gaps,
    IReadOnlyList<ToolFound> Tools, IReadOnlyList<ToolchainFolder> Toolchains, IReadOnlyList<string> FoldersLeftOut, string Workspaces, string WorkspacesAre)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/sandbox/v1";

    public static SandboxDocument Of(SandboxStatus status, OverlaySupport layers) => new(
        status.Available, status.Backend, status.Reason, status.Remedy, status.Protections, status.Gaps, status.Tools, status.Toolchains, status.FoldersLeftOut,
        layers.Kind == OverlayKind.None ? "copies" : "layers", layers.ToString());

    public string ToJson() => JsonSerializer.Serialize(this, SandboxJson.Default.SandboxDocument);
}

[JsonSerializable(typeof(SandboxDocument))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class SandboxJson : JsonSerializerContext;
