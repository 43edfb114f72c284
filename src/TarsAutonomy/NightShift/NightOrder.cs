using TarsAutonomy.Constraints;
using TarsAutonomy.Settings;
using TarsAutonomy.Tasks;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsAutonomy.NightShift;

/// <summary>What holds for a session, read from the commit that it begins from: nothing that a task changes can change it.</summary>
/// <param name="Commit">In full.</param>
/// <param name="Plan">Null where the base has none.</param>
/// <param name="Agent">The name of the agent that works.</param>
/// <param name="Problems">Why no session can be run with this; empty when one can.</param>
internal sealed record NightOrder(
    string Commit, TreeSnapshot Tree, SessionSettings Settings, AutonomousConstraints Constraints, TaskPlan? Plan, string Agent, IReadOnlyList<Finding> Problems)
{
    public IReadOnlyList<PlannedTask> Ready => [.. Plan?.Ready ?? []];
}
