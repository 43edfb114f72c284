using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine;
using TarsEngine.Review;
using TarsEngine.Validation;

namespace TarsCli.Output;

/// <summary>'validate --format json'. Fields are only ever added within a schema version.</summary>
/// <param name="Outcome">'pass', 'hold' or 'fail'.</param>
/// <param name="Proven">True when our own run of checks and tests stands behind it.</param>
/// <param name="Denied">True when policy denies the change; then nothing of it was run.</param>
/// <param name="Depth">How far was asked: 'syntax', 'quality', 'tests'.</param>
internal sealed record VerdictDocument(
    string Outcome, bool Proven, bool Denied, string Depth, string? BaseTree, string? ResultTree, long Milliseconds,
    ReportTests? BaselineTests, ReportTests? Tests, IReadOnlyList<VerdictFile> Files, IReadOnlyList<ReportFinding> Findings)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/verdict/v1";

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.VerdictDocument);

    public static VerdictDocument Of(DiffJudged judged, ValidationDepth depth)
    {
        var verdict = judged.Verdict;
        return new(
            Words.Id(verdict.Outcome), verdict.Proven, judged.IsDenied, Words.Id(depth), verdict.BaseTree.Hex, verdict.ResultTree.Hex, (long)verdict.Duration.TotalMilliseconds,
            Figures(verdict.Baseline), Figures(verdict.Tests), [.. judged.Changes.Select(change => new VerdictFile(change.Path.ToString(), Words.Id(change.Kind)))],
            [.. verdict.Findings.Select(ReportFindings.Of)]);
    }

    /// <summary>Nothing differs, so nothing speaks against it.</summary>
    public static VerdictDocument Empty(ValidationDepth depth) => new(Words.Id(VerdictOutcome.Pass), false, false, Words.Id(depth), null, null, 0, null, null, [], []);

    private static ReportTests? Figures(TestFigures? tests) => tests is null ? null : new(tests.Total, tests.Passed, tests.Failed, tests.Skipped);
}

internal sealed record VerdictFile(string Path, string Change);
