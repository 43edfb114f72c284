using TarsEngine.Changes;

namespace TarsEngine.Validation.Tampering;

/// <summary>A place in code that could make tests or tools say something else than what is so.</summary>
/// <param name="Key">Equal for the same thing at another line: only new ones count.</param>
/// <param name="InTests">How much it weighs in the code of tests; null for nothing.</param>
/// <param name="Elsewhere">And in other code.</param>
internal sealed record Trap(string Rule, string Key, int Line, string Message, Severity? InTests, Severity? Elsewhere)
{
    /// <summary>Those of <paramref name="after"/> that are more than <paramref name="before"/> had.</summary>
    public static IEnumerable<Trap> New(IEnumerable<Trap> before, IEnumerable<Trap> after)
    {
        var known = before.GroupBy(t => t.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal);
        foreach (var trap in after)
        {
            if (known.TryGetValue(trap.Key, out var left) && left > 0) known[trap.Key] = left - 1;
            else yield return trap;
        }
    }
}
