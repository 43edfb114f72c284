using TarsAutonomy.Sessions;
using TarsEngine.Review;
using TarsEngine.Storage;

namespace TarsAutonomy.Tests;

/// <summary>Sessions as they could have been.</summary>
internal static class Nights
{
    public static readonly DateTimeOffset Two = new(2025, 1, 1, 2, 0, 0, TimeSpan.Zero);

    public static NightSession Session(long number, params NightTask[] tasks) => new(
        new(number), NightState.Finished, Two.AddDays(number), Two.AddDays(number).AddHours(1), "autonomous-20250101-020000", "0123456789abcdef", "scripted", "All tasks are done.", tasks);

    public static NightTask Task(int ordinal, TaskOutcome outcome, string description = "Add a greeting") => new(
        ordinal, $"task_{ordinal}", description, "f", outcome, Two, Two.AddMinutes(4))
    {
        Commit = outcome == TaskOutcome.Landed ? $"c0ffee{ordinal}" : null,
        Rule = outcome == TaskOutcome.Landed ? null : "tests/new-failure",
        Reason = outcome == TaskOutcome.Landed ? null : "2 tests fail that passed before",
        EstimatedLines = 10,
        ChangedLines = outcome == TaskOutcome.Landed ? 14 : 0,
        Attempts = outcome == TaskOutcome.Skipped
            ? []
            : [new(1, new ContextId(ordinal * 10), "failed", "2 tests fail", TimeSpan.FromSeconds(90), new(1000, 100, 0.05m)), new(2, new ContextId((ordinal * 10) + 1), "landed", null, TimeSpan.FromSeconds(60), new(2000, 200, null))],
    };

    /// <summary>What the record of an execution says.</summary>
    public static ExecutionReport? Details(ContextId context) => new()
    {
        Id = context.ToString(),
        Improvement = "IMP-1",
        State = "landed",
        Verdict = "pass",
        Proven = true,
        BaselineTests = new(40, 39, 1, 0),
        Tests = new(42, 41, 1, 0),
        Files = [new($"src/a{context.Number}.cs", "modified", null, null, null, 10, 4, false), new("docs/b.md", "created", null, null, null, 1, 0, false)],
        Findings = [new("info", "quality/new-member", "A new member", "src/a.cs", 3, null), new("error", "tests/new-failure", "It fails now", "tests/t.cs", 7, "Mend it.")],
        Diff = "diff --git a/src/a.cs b/src/a.cs\n--- a/src/a.cs\n+++ b/src/a.cs\n@@ -1 +1 @@\n-old\n+new\n",
    };
}
