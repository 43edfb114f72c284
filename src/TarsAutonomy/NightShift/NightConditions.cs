using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Journey;

namespace TarsAutonomy.NightShift;

/// <summary>What a task's actual change must keep to, besides policy: the constraints and the gate; and the mark that goes with it.</summary>
internal static class NightConditions
{
    public static RunConditions Of(Codebase codebase, NightOrder order, PlannedTask task)
    {
        var mark = new PlanMark(codebase, order.Settings.Plan, task.Id, task.Agent ?? order.Agent);
        return OfBase(order) with
        {
            Inspect = (change, tree) => [.. ConstraintCheck.OfChange(mark.Without(change), tree, codebase.Content.Read, order.Constraints, task).Select(violation => violation.ToFinding())],
            Renew = mark.Renew,
        };
    }

    /// <summary>What the base itself must pass.</summary>
    public static RunConditions OfBase(NightOrder order) => new() { Checks = QualityGate.Of(order.Settings) };
}
