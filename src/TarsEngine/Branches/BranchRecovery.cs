namespace TarsEngine.Branches;

/// <summary>Settles landings on branches that a killed process left, by what the branches say.</summary>
internal sealed class BranchRecovery(BranchLander lander)
{
    /// <returns>What was found, in sentences.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        var notices = new List<string>();
        foreach (var landing in lander.Unsettled()) notices.Add(await SettleAsync(landing));
        return notices;
    }

    private async Task<string> SettleAsync(BranchLanding landing)
    {
        var tip = await lander.TipAsync(landing.Branch, CancellationToken.None);
        var isThere = tip is not null && await lander.ContainsAsync(tip, landing.After, CancellationToken.None);
        if (landing.State == BranchLandingState.Prepared)
        {
            lander.Settle(landing, isThere ? BranchLandingState.Landed : BranchLandingState.Discarded, null, isThere ? "branch-landed" : "branch-discarded");
            return isThere
                ? $"Recovered: {landing.Context} was interrupted when its commit {landing.After[..12]} was on the branch '{landing.Branch}'; it has landed."
                : $"Recovered: {landing.Context} was interrupted before the branch '{landing.Branch}' moved; it has not landed.";
        }
        // A rollback that was begun: an undoing commit that the branch has, or a branch without the landing's commit.
        var isUndone = !isThere || (landing.Undo is { Length: > 0 } undo && undo != landing.Before && await lander.ContainsAsync(tip!, undo, CancellationToken.None));
        lander.Settle(landing, isUndone ? BranchLandingState.RolledBack : BranchLandingState.Landed, isUndone && isThere ? landing.Undo : null, isUndone ? "branch-rolled-back" : "branch-landed");
        return $"Recovered: the rollback of {landing.Context} from the branch '{landing.Branch}' was interrupted; it is {(isUndone ? "done" : "not done, and can be asked for again")}.";
    }
}
