using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation;

/// <summary>A verdict as it is stored and reported.</summary>
internal static class VerdictJson
{
    public const int Version = 1;

    public static string Write(Verdict verdict) => JsonSerializer.Serialize(
        new VerdictDocument(
            Version, verdict.Outcome, verdict.Proven, verdict.BaseTree.Hex, verdict.ResultTree.Hex, (long)verdict.Duration.TotalMilliseconds,
            verdict.Baseline, verdict.Tests, [.. verdict.Findings.Select(Written)]),
        VerdictContext.Default.VerdictDocument);

    public static Verdict Read(string json)
    {
        try
        {
            var document = JsonSerializer.Deserialize(json, VerdictContext.Default.VerdictDocument) ?? throw new FormatException("The verdict is empty.");
            if (document.Version != Version) throw new FormatException($"The verdict has version {document.Version}, this program reads {Version}.");
            return new(
                document.Outcome, [.. document.Findings.Select(Read)], document.Baseline, document.Tests,
                ContentHash.Parse(document.BaseTree), ContentHash.Parse(document.ResultTree),
                TimeSpan.FromMilliseconds(document.Milliseconds), document.Proven);
        }
        catch (JsonException fault)
        {
            throw new FormatException("Not a verdict: " + fault.Message, fault);
        }
    }

    private static FindingDocument Written(Finding finding)
    {
        // JSON holds no lone surrogates, and a name that is not UTF-8 has some.
        var exact = finding.Path is { } path && ByteText.HasLoneSurrogate(path.Value) ? path.ToBytes() : null;
        return new(finding.Severity, finding.Rule, finding.Message, exact is null ? finding.Path?.Value : null, exact, finding.Line, finding.Remedy,
            finding.Column, finding.EndLine, finding.EndColumn, finding.Excerpt);
    }

    private static Finding Read(FindingDocument finding) => new(
        finding.Severity, finding.Rule, finding.Message,
        finding.Path is { } path ? RepositoryPath.Parse(path) : finding.PathBytes is { } bytes ? RepositoryPath.FromBytes(bytes) : null,
        finding.Line, finding.Remedy, finding.Column, finding.EndLine, finding.EndColumn, finding.Excerpt);
}

internal sealed record VerdictDocument(
    int Version, VerdictOutcome Outcome, bool Proven, string BaseTree, string ResultTree, long Milliseconds,
    TestFigures? Baseline, TestFigures? Tests, IReadOnlyList<FindingDocument> Findings);

internal sealed record FindingDocument(
    Severity Severity, string Rule, string Message, string? Path, byte[]? PathBytes, int? Line, string? Remedy,
    int? Column = null, int? EndLine = null, int? EndColumn = null, string? Excerpt = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true, IgnoreReadOnlyProperties = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = false)]
[JsonSerializable(typeof(VerdictDocument))]
internal sealed partial class VerdictContext : JsonSerializerContext;
