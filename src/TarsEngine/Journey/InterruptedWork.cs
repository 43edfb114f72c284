using TarsEngine.Planning;

namespace TarsEngine.Journey;

/// <summary>What a killed execution of the same improvement had done, so that it is not done twice.</summary>
/// <param name="IsWhole">All of its steps were done, and its change frozen; else its parts are what agents had made, by their steps' ids.</param>
internal sealed record InterruptedWork(ExecutionContext Context, bool IsWhole)
{
    public static InterruptedWork? Of(ExecutionRun run, Codebase codebase)
    {
        foreach (var listed in codebase.Contexts.List(run.Improvement.Id).Where(context => context.Id != run.Id).Reverse())
        {
            if (listed.State != ContextState.Interrupted) return null;
            var context = codebase.Contexts.Get(listed.Id)!;
            if (context.Parts.Count > 0) return new(context, IsWhole: context.BaseTree is not null);
            // One that was killed before it began anything stands in nobody's way.
            if (codebase.Contexts.Plan(listed.Id)?.Steps.Any(step => step.State != StepState.Pending) == true) return null;
        }
        return null;
    }
}
