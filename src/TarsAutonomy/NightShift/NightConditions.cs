using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Journey;

namespace TarsAutonomy.NightShift;

/// <summary>What a task's actual change must keep to, besides policy: the constraints and the gate.</summary>
internal static class NightConditions
{
    /// <param name="marked">The plan with the task's mark in it: the one change to the plan that is ours.</param>
    public static RunConditions Of(Codebase codebase, NightOrder order, PlannedTask? task, ContentHash? marked) => new()
    {
        Checks = QualityGate.Of(order.Settings) is { } gate ? [gate] : [],
        Inspect = (change, tree) => [.. ConstraintCheck.OfChange(
            new ChangeSet(change.Where(one => one.Path != order.Settings.Plan || one.After?.Hash != marked)), tree, codebase.Content.Read, order.Constraints, task).Select(violation => violation.ToFinding())],
    };
}
