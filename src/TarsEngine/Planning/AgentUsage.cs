using System.Text.Json.Serialization;

namespace TarsEngine.Planning;

/// <summary>What an agent says that it used. A claim: for reports and budgets, never for a verdict.</summary>
/// <param name="Cost">In US dollars; null where it doesn't say.</param>
public sealed record AgentUsage(long InputTokens, long OutputTokens, decimal? Cost)
{
    [JsonIgnore]
    public long Tokens => InputTokens + OutputTokens;
}
