using System.Text;
using System.Text.Json;
using TarsEngine.Planning;

namespace TarsAutonomy.Agents;

/// <summary>
/// Reads what an agent says that it used out of its lines, one reader for each run. What it reads is whatever the agent chose to
/// print: no line can make it throw, and no figure is below zero or beyond what adds up.
/// </summary>
public abstract class UsageReader
{
    private const long MostTokens = 1_000_000_000_000;
    private const decimal MostDollars = 1_000_000;

    private protected UsageReader()
    {
    }

    /// <summary>What it has used in all so far; null where the line doesn't tell.</summary>
    public AgentUsage? Read(string line)
    {
        try
        {
            return ReadLine(line);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            // Not JSON, or JSON with half a character in a name.
            return null;
        }
    }

    private protected abstract AgentUsage? ReadLine(string line);

    private protected static AgentUsage Usage(long input, long output, decimal? cost) =>
        new(Math.Clamp(input, 0, MostTokens), Math.Clamp(output, 0, MostTokens), cost is { } dollars ? Math.Clamp(dollars, 0, MostDollars) : null);

    /// <summary>The same and one more part.</summary>
    private protected static AgentUsage Plus(AgentUsage? before, AgentUsage more) => before is null
        ? more
        : Usage(before.InputTokens + more.InputTokens, before.OutputTokens + more.OutputTokens, before.Cost is null && more.Cost is null ? null : (before.Cost ?? 0) + (more.Cost ?? 0));

    /// <summary>A line that is one JSON object.</summary>
    private protected static JsonElement? Json(string line)
    {
        if (!line.StartsWith('{')) return null;
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(line));
        return document.RootElement.Clone();
    }

    private protected static bool IsOf(JsonElement json, string type) => Part(json, "type") is { ValueKind: JsonValueKind.String } text && text.ValueEquals(type);

    private protected static JsonElement? Part(JsonElement? json, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (json is not { ValueKind: JsonValueKind.Object } map || !map.TryGetProperty(name, out var inner)) return null;
            json = inner;
        }
        return json;
    }

    /// <summary>Zero for what is no number, or none that can be.</summary>
    private protected static long Count(JsonElement? json, params ReadOnlySpan<string> names) =>
        Part(json, names) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? Math.Clamp(count, 0, MostTokens) : 0;

    private protected static decimal? Dollars(JsonElement? json, params ReadOnlySpan<string> names) =>
        Part(json, names) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var dollars) ? Math.Clamp(dollars, 0, MostDollars) : null;
}
