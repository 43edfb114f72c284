using System.Text.Json;
using System.Text.Json.Serialization;
using Tars.Benchmarks.Measuring;

namespace Tars.Benchmarks.Showing;

/// <summary>Every sample and what the machine is, for programs.</summary>
internal static class ResultFile
{
    /// <summary>Grows a number when a reader of the old form could be misled; new fields alone don't count.</summary>
    private const string Schema = "tars/benchmarks/v1";

    public static async Task WriteAsync(string path, IReadOnlyList<CaseResult> results)
    {
        var document = new ResultDocument(Schema, TimeProvider.System.GetUtcNow(), Machine.OfThisOne(),
        [
            .. results.Select(one => new CaseDocument(one.Name, one.What, one.Unit, one.Goal,
                one.Targets.Count == 0 ? null : [.. one.Targets.Select(target => new TargetDocument(target.Variant, target.Against, target.Text(one.Unit), target.Limit, target.Measured(one.Variants), target.IsMet(one.Variants)))],
            [
                .. one.Variants.Select(variant => new VariantDocument(
                    variant.Name, variant.Median, variant.Minimum, variant.LowerQuartile, variant.UpperQuartile, variant.Maximum,
                    variant.RatioTo(one.Variants[0]), variant.Samples)),
            ])),
        ]);
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(file, document, ResultJson.Default.ResultDocument);
    }
}

/// <param name="Cases">In the order in which they ran; of each, the first variant is the baseline.</param>
internal sealed record ResultDocument(string Schema, DateTimeOffset Time, Machine Machine, IReadOnlyList<CaseDocument> Cases);

internal sealed record CaseDocument(string Name, string What, string Unit, string? Goal, IReadOnlyList<TargetDocument>? Targets, IReadOnlyList<VariantDocument> Variants);

internal sealed record TargetDocument(string Variant, string? Against, string Text, double Limit, double? Measured, bool Met);

internal sealed record VariantDocument(
    string Name, double Median, double Minimum, double LowerQuartile, double UpperQuartile, double Maximum, double? RatioToBaseline, IReadOnlyList<double> Samples);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ResultDocument))]
internal sealed partial class ResultJson : JsonSerializerContext;
