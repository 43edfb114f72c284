using System.Text.Json;
using System.Text.Json.Serialization;
using TarsEngine;
using TarsEngine.Audit;
using TarsEngine.Improvements;
using TarsEngine.Planning;

namespace TarsCli.Output;

/// <summary>'execute status --format json'. One context in full is <see cref="TarsEngine.Review.ExecutionReport"/>.</summary>
internal sealed record StatusDocument(IReadOnlyList<StatusItem> Contexts)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/status/v1";

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.StatusDocument);
}

internal sealed record StatusItem(
    string Id, string Improvement, string Title, string State, bool AtRest, bool DryRun, int StepsDone, int StepsTotal,
    DateTimeOffset Created, DateTimeOffset Updated, string? Error)
{
    public static StatusItem Of(Codebase codebase, ExecutionContext context) => new(
        context.Id.ToString(), context.Improvement.ToString(), codebase.Improvements.Get(context.Improvement)?.Title ?? "",
        Words.Id(context.State), context.State.IsAtRest(), context.DryRun, context.StepsDone, context.StepsTotal, context.Created,
        context.Updated, context.Error);
}

/// <summary>'improve list --format json' and 'improve show --format json'.</summary>
internal sealed record ImprovementsDocument(IReadOnlyList<ImprovementItem> Improvements)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/improvements/v1";

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.ImprovementsDocument);
}

internal sealed record ImprovementItem(
    string Id, string Title, string Description, string Category, string Priority, string Source, string State, string? BaseCommit,
    DateTimeOffset Added, IReadOnlyList<StepItem> Steps)
{
    public static ImprovementItem Of(Improvement one) => new(
        one.Id.ToString(), one.Title, one.Description, one.Category, Words.Id(one.Priority), one.Source, Words.Id(one.State),
        one.BaseCommit, one.Added, [.. one.Steps.Select(s => new StepItem(s.Id, StepText.Of(s.Action), s.DependsOn, s.Transaction, s.Description))]);
}

internal sealed record StepItem(string Id, string Action, IReadOnlyList<string> DependsOn, string Transaction, string? Description);

/// <summary>'audit list --format json'.</summary>
internal sealed record AuditDocument(IReadOnlyList<AuditItem> Entries)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/audit/v1";

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.AuditDocument);
}

internal sealed record AuditItem(
    long Sequence, DateTimeOffset Time, string Action, string Actor, string Subject, IReadOnlyDictionary<string, string> Details, string Hash)
{
    public static AuditItem Of(AuditRecord record) => new(
        record.Sequence, record.Time, record.Entry.Action, record.Entry.Actor, record.Entry.Subject, record.Entry.Details, record.Hash);
}

[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(ImprovementsDocument))]
[JsonSerializable(typeof(AuditDocument))]
[JsonSerializable(typeof(PolicyDecisionDocument))]
[JsonSerializable(typeof(PolicyDocument))]
[JsonSerializable(typeof(ScriptDocument))]
[JsonSerializable(typeof(TaskCheckDocument))]
[JsonSerializable(typeof(TasksDocument))]
[JsonSerializable(typeof(VerdictDocument))]
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class DocumentsJson : JsonSerializerContext;
