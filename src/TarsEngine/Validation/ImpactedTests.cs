using TarsEngine.Changes;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>
/// Tests that are named for what a change touches, run before all others: where one of them fails, a change is refused without the
/// rest of a long suite. They never prove one.
/// </summary>
/// <param name="Parts">By check: parts of the names of its tests.</param>
/// <param name="Before">The base's run.</param>
internal sealed record ImpactedTests(IReadOnlyDictionary<string, IReadOnlyList<string>> Parts, CheckRun Before)
{
    // Below, all tests are done before some were chosen and run; above, there is little to gain; more names are no choice.
    private static readonly TimeSpan worthwhile = TimeSpan.FromSeconds(20);
    private const int LeastLetters = 4, MostParts = 40, MostShare = 3;

    /// <summary>Null where there are none, or looking for them would not pay.</summary>
    public static ImpactedTests? Of(ChangeSet changes, CheckPlan plan, CheckRun before)
    {
        var stems = changes.Select(change => Stem(change.Path.Name)).Where(stem => stem.Length >= LeastLetters && stem.All(letter => char.IsLetterOrDigit(letter) || letter == '_'))
            .Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        if (stems.Count is 0 or > MostParts) return null;
        var parts = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var check in plan.Checks)
        {
            if (before.Checks.FirstOrDefault(c => c.Name == check.Name) is not { Duration: var took, Tests.Ids: { Count: > 0 } ids } || took < worthwhile) continue;
            var fitting = stems.Where(stem => ids.Any(id => Holds(id, stem))).ToList();
            if (fitting.Count > 0 && ids.Count(id => fitting.Exists(stem => Holds(id, stem))) <= ids.Count / MostShare) parts[check.Name] = fitting;
        }
        return parts.Count > 0 ? new(parts, before) : null;
    }

    /// <summary>The arguments that run just these tests of a check; null where it has none.</summary>
    public IReadOnlyList<string>? ArgumentsFor(PlannedCheck check) => Parts.TryGetValue(check.Name, out var parts) ? check.Runner?.Named(parts) : null;

    /// <summary>True when one of them fails that did not fail before.</summary>
    public bool AreBrokenIn(CheckResult result) =>
        result.Status == CheckStatus.TestsFailed && VerdictJudge.NewFailures(result, Before.Checks.First(c => c.Name == result.Name)).Count > 0;

    // 'Parser' of Parser.cs, ParserTests.cs, parser.test.ts and test_parser.py.
    private static string Stem(string name)
    {
        var stem = name.Split('.', 2)[0];
        if (stem.StartsWith("test_", StringComparison.Ordinal)) stem = stem["test_".Length..];
        foreach (var ending in (string[])["_test", "Tests", "Test"])
        {
            if (stem.EndsWith(ending, StringComparison.Ordinal)) return stem[..^ending.Length];
        }
        return stem;
    }

    // Runners differ in whether letters' case counts: here it does.
    private static bool Holds(string id, string stem) => id.Contains(stem, StringComparison.Ordinal);
}
