using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TarsEngine.Planning;

namespace TarsAutonomy.Agents;

/// <summary>Any agent's: a line <c>{"usage": {"input_tokens": 1, "output_tokens": 2}, "total_cost_usd": 0.01}</c> tells all so far.</summary>
internal sealed class PlainUsageReader : UsageReader
{
    private protected override AgentUsage? ReadLine(string line) => Json(line) is { } json && Part(json, "usage") is { ValueKind: JsonValueKind.Object } usage
        ? Usage(Count(usage, "input_tokens"), Count(usage, "output_tokens"), Dollars(json, "total_cost_usd"))
        : null;
}

/// <summary>Claude Code's stream: each message of the model tells its own use, again with each of its parts; the result tells all of it.</summary>
internal sealed class ClaudeUsageReader : UsageReader
{
    private AgentUsage? before, message;
    private string? id;

    private protected override AgentUsage? ReadLine(string line)
    {
        if (Json(line) is not { } json) return null;
        if (IsOf(json, "result")) return Part(json, "usage") is { } all ? Of(all, Dollars(json, "total_cost_usd")) : null;
        if (!IsOf(json, "assistant") || Part(json, "message", "usage") is not { } usage) return null;
        var of = Part(json, "message", "id") is { ValueKind: JsonValueKind.String } name ? name.GetString() : null;
        if (message is not null && of != id) before = Plus(before, message);
        (id, message) = (of, Of(usage, null));
        return Plus(before, message);
    }

    private static AgentUsage Of(JsonElement usage, decimal? cost) => Usage(
        Count(usage, "input_tokens") + Count(usage, "cache_creation_input_tokens") + Count(usage, "cache_read_input_tokens"), Count(usage, "output_tokens"), cost);
}

/// <summary>Codex tells the use of each turn when it is completed; what came from a cache is part of what went in.</summary>
internal sealed class CodexUsageReader : UsageReader
{
    private AgentUsage? all;

    private protected override AgentUsage? ReadLine(string line) => Json(line) is { } json && IsOf(json, "turn.completed") && Part(json, "usage") is { } usage
        ? all = Plus(all, Usage(Count(usage, "input_tokens"), Count(usage, "output_tokens"), null))
        : null;
}

/// <summary>Gemini tells all at its end.</summary>
internal sealed class GeminiUsageReader : UsageReader
{
    private protected override AgentUsage? ReadLine(string line) => Json(line) is { } json && IsOf(json, "result") && Part(json, "stats") is { } stats
        ? Usage(Count(stats, "input_tokens"), Count(stats, "output_tokens"), null)
        : null;
}

/// <summary>OpenCode tells the use of each step when it is finished.</summary>
internal sealed class OpenCodeUsageReader : UsageReader
{
    private AgentUsage? all;

    private protected override AgentUsage? ReadLine(string line)
    {
        if (Json(line) is not { } json || !IsOf(json, "step_finish") || Part(json, "part") is not { } part) return null;
        var input = Count(part, "tokens", "input") + Count(part, "tokens", "cache", "read") + Count(part, "tokens", "cache", "write");
        return all = Plus(all, Usage(input, Count(part, "tokens", "output") + Count(part, "tokens", "reasoning"), Dollars(part, "cost")));
    }
}

/// <summary>Aider tells the tokens of each message, and the cost of the session so far: 'Tokens: 2.1k sent, 300 received. Cost: $0.01 message, $0.02 session.'</summary>
internal sealed partial class AiderUsageReader : UsageReader
{
    private AgentUsage? all;

    private protected override AgentUsage? ReadLine(string line)
    {
        if (!line.StartsWith("Tokens: ", StringComparison.Ordinal) || Told().Match(line) is not { Success: true } told) return null;
        all = Plus(all is null ? null : all with { Cost = null }, Usage(Tokens(told.Groups["sent"].Value), Tokens(told.Groups["received"].Value), null));
        return all = Usage(all.InputTokens, all.OutputTokens, decimal.TryParse(told.Groups["cost"].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cost) ? cost : null);
    }

    private static long Tokens(string text)
    {
        var unit = text[^1] switch { 'k' => 1_000, 'M' => 1_000_000, _ => 1 };
        return decimal.TryParse(unit == 1 ? text : text[..^1], NumberStyles.AllowDecimalPoint | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out var number) && number < 1_000_000_000 ? (long)(number * unit) : 0;
    }

    // What is told of caches stands between.
    [GeneratedRegex(@"^Tokens: (?<sent>[0-9.,]+[kM]?) sent,.* (?<received>[0-9.,]+[kM]?) received\.(.* \$(?<cost>[0-9.]+) session\.)?", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Told();
}
