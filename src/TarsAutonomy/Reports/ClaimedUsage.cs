using TarsEngine.Planning;

namespace TarsAutonomy.Reports;

/// <summary>What agents say that they used: their claim, which nothing here can check.</summary>
/// <param name="Cost">In US dollars; null where none was said.</param>
public sealed record ClaimedUsage(long InputTokens, long OutputTokens, decimal? Cost)
{
    internal static ClaimedUsage? Of(AgentUsage? usage) => usage is null ? null : new(usage.InputTokens, usage.OutputTokens, usage.Cost);

    /// <summary>Null where nobody said anything.</summary>
    internal static ClaimedUsage? Sum(IEnumerable<ClaimedUsage?> claims)
    {
        ClaimedUsage? sum = null;
        foreach (var claim in claims.OfType<ClaimedUsage>())
        {
            sum = sum is null
                ? claim
                : new(sum.InputTokens + claim.InputTokens, sum.OutputTokens + claim.OutputTokens, sum.Cost is null && claim.Cost is null ? null : (sum.Cost ?? 0) + (claim.Cost ?? 0));
        }
        return sum;
    }
}
