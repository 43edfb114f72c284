using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Sandbox;
using TarsEngine.Storage;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Semantics;

/// <summary>
/// The verdict of the compiler alone: asked without a build where it can tell, else by the builds of both sides. The first time the
/// codebase is built for it; from then on what was built serves for every tree that is near.
/// </summary>
internal sealed class CompileOnly(TreeContent content, WorkspaceFactory workspaces, TestExecutor executor, SemanticValidator semantics, string toolchain)
{
    public async Task TryAsync(OneValidation validation, CancellationToken cancellation)
    {
        var (request, before) = (validation.Request, validation.Visible(validation.Request.Base));
        var (basePlan, plan) = (PlanOf(request.Base), PlanOf(validation.Result));
        validation.Add(plan.Findings);
        if (!plan.Checks.Any(IsBuild))
        {
            validation.Say("There is nothing to compile: no build was found or configured.");
            return;
        }
        var checks = basePlan.Hash(toolchain);
        CheckRun? ofBase = null;
        if (workspaces.FindBuilt(before, checks) is null)
        {
            validation.Begin("baseline");
            ofBase = await BuildAsync(validation, "baseline", request.Base, basePlan, cancellation);
            validation.Add(VerdictJudge.JudgeBase(ofBase));
            if (!ofBase.HasPassed) return;
        }
        if (await semantics.JudgeAsync(validation, checks, isBuilt: false, cancellation) is not SemanticVerdict.Unsure) return;
        validation.Begin("checks");
        var run = await BuildAsync(validation, "check", validation.Result, plan, cancellation);
        if (run.HasPassed) return;
        // The base may have moved since it was built.
        ofBase ??= await BuildAsync(validation, "baseline", request.Base, basePlan, cancellation);
        validation.Add(ofBase.HasPassed ? VerdictJudge.JudgeChange(ofBase, run, new HashSet<string>(StringComparer.Ordinal), request.Configuration) : VerdictJudge.JudgeBase(ofBase));

        CheckPlan PlanOf(TreeSnapshot tree) => CheckPlanner.Plan(request.Configuration, tree, content.Read);
    }

    private Task<CheckRun> BuildAsync(OneValidation validation, string name, TreeSnapshot tree, CheckPlan plan, CancellationToken cancellation)
    {
        var room = new CleanRoom(content, workspaces, executor, plan.Hash(toolchain));
        var builds = plan with { Checks = [.. plan.Checks.Where(IsBuild)] };
        return room.TryAsync(validation, $"{validation.Request.Name}-{name}", tree, builds, run => run.HasPassed, async (workspace, run, _) =>
        {
            if (run.HasPassed) await room.KeepOutputsAsync(validation, workspace, cancellation);
            return run;
        }, cancellation);
    }

    private static bool IsBuild(PlannedCheck check) => check.Kind is CheckKind.Restore or CheckKind.Build;
}
