using TarsEngine.Changes;
using TarsEngine.Planning;
using TarsEngine.Validation;

namespace TarsAutonomy.NightShift;

/// <summary>Why an attempt did not land: the rule, and words for people; the seed's where it has them.</summary>
internal sealed record Failure(string Rule, string Reason)
{
    public static Failure Of(ExecutionContext context, IEnumerable<ExecutionEvent> events)
    {
        var findings = events.OfType<FindingAdded>().Select(added => added.Finding).Concat(context.Verdict is { } verdict ? Verdict.FromJson(verdict).Findings : []).ToList();
        // A hold says why it was held only where nothing failed.
        var worst = findings.Where(finding => finding.Severity >= Severity.Hold).OrderByDescending(finding => finding.Severity).FirstOrDefault();
        if (worst is null) return new("task/" + context.State.Word(), context.Error ?? $"It ended as {context.State.Word()}.");
        var place = worst.Path is { } path && !worst.Message.Contains(path.ToString(), StringComparison.Ordinal) ? $" ({path})" : "";
        return QualityGate.IsOf(worst) ? new(QualityGate.FailedRule, $"Quality gate failed: {worst.Message}") : new(worst.Rule, worst.Message + place);
    }
}
