using TarsAutonomy.Settings;
using TarsEngine;
using TarsEngine.Journey;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsAutonomy.NightShift;

/// <summary>Tasks that a person says yes to in the morning: the gate holds for them, too, and their mark goes into the plan as it is then.</summary>
public static class HeldTasks
{
    /// <summary>What holds for landing a context; nothing more where it is no session's.</summary>
    public static async Task<RunConditions> ConditionsOfAsync(Codebase codebase, AutonomySettings user, ContextId id, CancellationToken cancellation)
    {
        if (codebase.Contexts.Get(id) is not { Options: { Land: LandingPlace.Branch, Branch: { } branch, Base: { } commit } } context
            || codebase.Improvements.Get(context.Improvement) is not { } improvement || TaskImprovement.TaskOf(improvement) is not { } task) return RunConditions.None;
        var (_, tree) = await codebase.Base.ReadTipAsync(branch, commit, cancellation);
        var settings = BaseRules.Of(tree, codebase.Content, user).Settings.Session;
        return new() { Checks = QualityGate.Of(settings), Renew = new PlanMark(codebase, settings.Plan, task, codebase.Options.Actor).Renew };
    }
}
