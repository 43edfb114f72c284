using TarsEngine.Changes;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Staging;

namespace TarsEngine.Journey;

/// <summary>What an agent is told of its attempt before, and what it may go on from.</summary>
internal sealed record AttemptBefore(AgentFeedback Feedback, ChangeSet? Change)
{
    private const int MostFindings = 30;

    /// <summary>Null where the run is a first attempt.</summary>
    public static AttemptBefore? Of(ExecutionRun run, Codebase codebase)
    {
        if (run.Options.After is not { } id || codebase.Contexts.Get(id) is not { } before || before.Improvement != run.Improvement.Id) return null;
        var number = codebase.Contexts.List(run.Improvement.Id).Count(context => context.Id.Number <= id.Number);
        // Of the steps of ours that stood beside the agent's, it knows nothing.
        var transaction = run.Improvement.Steps.First(step => step.Action is AgentAction).Transaction;
        var change = before.Parts.FirstOrDefault(part => part.Name == transaction)?.Changes;
        return new(new(number, Findings(codebase, before), change is not null), change);
    }

    private static IReadOnlyList<Finding> Findings(Codebase codebase, ExecutionContext before)
    {
        var findings = codebase.Contexts.Events(before.Id).Select(one => one.Event).OfType<FindingAdded>().Select(added => added.Finding)
            .Where(finding => finding.Severity >= Severity.Hold).Distinct().OrderByDescending(finding => finding.Severity).Take(MostFindings).ToList();
        return findings.Count > 0 ? findings : [new(Severity.Error, "attempt/" + before.State.Word(), before.Error ?? $"The attempt before ended as {before.State.Word()}.")];
    }
}
