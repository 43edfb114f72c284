using TarsAutonomy.Settings;
using TarsAutonomy.Tasks;
using TarsEngine;

namespace TarsAutonomy.NightShift;

/// <summary>Reads what holds for a session out of a commit.</summary>
internal sealed class NightOrders(Codebase codebase, AutonomySettings user)
{
    /// <param name="commit">In full.</param>
    public async Task<NightOrder> ReadAsync(string commit, CancellationToken cancellation)
    {
        var tree = await codebase.Base.ReadAsync(commit, cancellation);
        var rules = BaseRules.Of(tree, codebase.Content, user);
        var session = rules.Settings.Session;
        var plan = BaseRules.Bytes(tree, codebase.Content, session.Plan) is { } text ? TaskPlan.Read(text, session.Plan.ToString()) : null;
        var missing = QualityGate.Missing(session, tree);
        return new(commit, tree, session, rules.Constraints, plan, session.Agent ?? "", [.. rules.Problems, .. missing is null ? [] : (TarsEngine.Changes.Finding[])[missing]]);
    }
}
