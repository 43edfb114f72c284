using System.Text.Json;
using System.Text.Json.Serialization;
using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;

namespace TarsCli.Output;

/// <summary>A task, and everything that speaks against it.</summary>
internal sealed record CheckedTask(PlannedTask Task, IReadOnlyList<Violation> Violations);

/// <summary>'tasks check --format json'. The names are those that callers of such a check know; fields are only ever added within a schema version.</summary>
/// <param name="SafeForAutonomous">True when nothing speaks against any of the tasks.</param>
/// <param name="CanProceed">True when nothing blocks; a person may have to approve.</param>
internal sealed record TaskCheckDocument(
    [property: JsonPropertyName("safe_for_autonomous")] bool SafeForAutonomous, [property: JsonPropertyName("violations")] IReadOnlyList<ViolationItem> Violations,
    [property: JsonPropertyName("can_proceed")] bool CanProceed, [property: JsonPropertyName("tasks")] IReadOnlyList<TaskCheckItem> Tasks)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/task-check/v1";

    public static TaskCheckDocument Of(IReadOnlyList<CheckedTask> tasks)
    {
        var items = tasks.Select(t => new TaskCheckItem(t.Task.Id, t.Violations.Count == 0, ViolationItem.Of(t), t.Violations.All(v => !v.Blocked))).ToList();
        return new(items.TrueForAll(t => t.SafeForAutonomous), [.. items.SelectMany(t => t.Violations)], items.TrueForAll(t => t.CanProceed), items);
    }

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.TaskCheckDocument);
}

internal sealed record TaskCheckItem(
    [property: JsonPropertyName("id")] string Id, [property: JsonPropertyName("safe_for_autonomous")] bool SafeForAutonomous,
    [property: JsonPropertyName("violations")] IReadOnlyList<ViolationItem> Violations, [property: JsonPropertyName("can_proceed")] bool CanProceed);

/// <param name="Violation">The message.</param>
internal sealed record ViolationItem(string Task, string Severity, string Violation, string Rule, bool Blocked, string? Path)
{
    public static IReadOnlyList<ViolationItem> Of(CheckedTask one) => [.. one.Violations.Select(v => new ViolationItem(one.Task.Id, v.Severity, v.Message, v.Rule, v.Blocked, v.Path?.ToString()))];
}

/// <summary>'tasks list --format json'.</summary>
/// <param name="Committed">False where the last commit has another plan, which is the one that a night works with.</param>
internal sealed record TasksDocument(string Plan, bool Committed, IReadOnlyList<TaskItem> Tasks, IReadOnlyList<PlanProblemItem> Problems)
{
    [JsonPropertyOrder(-1)]
    public string Schema { get; } = "tars/tasks/v1";

    public static TasksDocument Of(TaskPlans plans) => new(
        plans.Document.Path.ToString(), plans.Document.IsCommitted,
        [.. plans.Plan.Tasks.Select(t => new TaskItem(
            t.Id, t.Description, Words.Id(t.Section), t.AlignmentScore, t.EstimatedLines, Words.Id(t.Tests), t.Status, t.Approved, t.IsApprovedByPerson, t.Line, t.Fingerprint,
            ViolationItem.Of(new(t, plans.Check(t)))))],
        [.. plans.Plan.Problems.Select(p => new PlanProblemItem(p.Line, p.Message))]);

    public string ToJson() => JsonSerializer.Serialize(this, DocumentsJson.Default.TasksDocument);
}

internal sealed record TaskItem(
    string Id, string Description, string Section, int? AlignmentScore, int? EstimatedLines, string Tests, string? Status, string? Approved, bool ApprovedByPerson, int Line,
    string Fingerprint, IReadOnlyList<ViolationItem> Violations);

internal sealed record PlanProblemItem(int Line, string Message);
