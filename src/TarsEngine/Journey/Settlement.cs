using TarsEngine.Branches;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Sandbox;

namespace TarsEngine.Journey;

/// <summary>Settles what a killed process left, at the beginning of every command: transactions first, then the runs that they belong to.</summary>
internal sealed class Settlement(Codebase codebase)
{
    private const string Actor = "recovery";

    /// <returns>What was done, in sentences; empty when there was nothing.</returns>
    public async Task<IReadOnlyList<string>> SettleAsync()
    {
        var notices = new List<string>();
        notices.AddRange(codebase.Transactions.Recover().Commits.Select(Describe));
        if (codebase.Branches is { } branches) notices.AddRange(await new BranchRecovery(branches).RunAsync());
        codebase.Capture.SweepScratch();
        var wasKilled = LoneRun.Sweep(codebase.State, codebase.Workspaces);
        foreach (var interrupted in codebase.Contexts.FindInterrupted(codebase.State))
        {
            using (interrupted) notices.Add(Settle(interrupted.Context));
            wasKilled = true;
        }
        SafeExecutionEnvironment.Sweep(wasKilled);
        if (codebase.Audit.HeadProblem is { } problem) notices.Add(problem);
        return notices;
    }

    private string Settle(ExecutionContext context)
    {
        var rest = Resting.Of(codebase.StandingOf(context.Id))
            ?? (context is { Verdict: not null, Changes: not null } && Resting.Of(context) is var waiting && !WasRefused(context)
                ? waiting
                : new(ContextState.Interrupted, ImprovementState.Ready));
        codebase.Workspaces.Remove(codebase.Workspaces.List().Where(name => name.StartsWith(context.Id + "-", StringComparison.Ordinal)));
        rest.Write(codebase, context, Actor, rest.Context == ContextState.Interrupted ? "its process died" : null);
        return rest.Context == ContextState.Interrupted
            ? $"{context.Id} ({context.Improvement}) was interrupted while {context.State.Word()}; nothing of it is in the codebase. Execute {context.Improvement} again to go on."
            : $"{context.Id} ({context.Improvement}) was interrupted while {context.State.Word()}; it is {rest.Context.Word().Replace('-', ' ')} now{(IsWaiting(rest.Context, context) ? $": 'execute review --context-id {context.Id}' goes on" : "")}.";
    }

    private static bool IsWaiting(ContextState state, ExecutionContext context) => state is ContextState.AwaitingReview or ContextState.Held && !context.DryRun;

    private static bool WasRefused(ExecutionContext context) =>
        Validation.Verdict.FromJson(context.Verdict!).Outcome == Validation.VerdictOutcome.Fail;

    private static string Describe(RecoveredCommit commit)
    {
        var what = $"{string.Join(", ", commit.Transactions)} of {commit.Context}";
        var settled = commit.Action switch
        {
            RecoveryAction.Discarded => $"Recovered: {what} had not reached its commit point and was discarded; the codebase is as it was before it.",
            RecoveryAction.RolledForward => $"Recovered: {what} was interrupted after its commit point and is now finished.",
            RecoveryAction.Undone => $"Recovered: {what} met a conflict and was undone.",
            _ => throw new InvalidOperationException(commit.Action.ToString()),
        };
        return commit.Conflicts.Count == 0 ? settled : settled + " " + string.Join(' ', commit.Conflicts.Select(c => $"{c.Path}: {c.Explanation}"));
    }
}
