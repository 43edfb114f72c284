using System.Text.Json.Serialization;
using TarsEngine.Configuration;
using TarsEngine.Validation.Dotnet;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Validation.Checks;

/// <summary>How one check ended, as far as exit code, output and report together tell.</summary>
internal enum CheckStatus
{
    /// <summary>Exit code zero, and a whole report without failures where there is one.</summary>
    Passed,

    /// <summary>Compilers or MSBuild named errors.</summary>
    BuildErrors,

    /// <summary>A whole report names tests that failed.</summary>
    TestsFailed,

    /// <summary>A command that is judged by its exit code alone ended with another than zero.</summary>
    Failed,

    /// <summary>The tests broke off, or their report is missing, cut or contradicts the exit code.</summary>
    Broken,

    /// <summary>Out of time, memory or processes.</summary>
    Limit,

    /// <summary>An SDK, runtime or package isn't there: nobody's change is at fault.</summary>
    Surroundings,

    /// <summary>It failed and named nothing: a fault of a tool or of the sandbox.</summary>
    ToolFault,
}

/// <summary>A test that failed.</summary>
/// <param name="Kind">Why, as far as its message tells.</param>
/// <param name="File">Where it stands, as its runner names the file.</param>
internal sealed record FailedTest(string Id, string Name, string? Message, FailureKind? Kind = null, string? File = null);

/// <summary>What a report came to.</summary>
/// <param name="Ids">Every test's id, so that missing ones can be named; null when there are too many to keep.</param>
internal sealed record TestTally(TestFigures Figures, IReadOnlyList<FailedTest> Failed, IReadOnlyList<string>? Ids)
{
    /// <summary>Names of tests that failed and don't count, as the user's configuration says; null for none.</summary>
    public IReadOnlyList<string>? Ignored { get; init; }
}

/// <summary>The result of one check, as it is judged and kept.</summary>
/// <param name="Explanation">For people: how it ended and why, where that needs words.</param>
/// <param name="Remedy">How to go on, for faults of the surroundings.</param>
/// <param name="Tail">The last lines of the output, for failures that name nothing.</param>
internal sealed record CheckResult(
    string Name, CheckKind Kind, bool Proves, CheckStatus Status, string Explanation, string? Remedy,
    IReadOnlyList<BuildDiagnostic> Errors, TestTally? Tests, IReadOnlyList<string> Tail)
{
    /// <summary>What compilers and analyzers warned of in files of the codebase; null when there was too much to keep, or it was not looked at.</summary>
    public IReadOnlyList<BuildDiagnostic>? Warnings { get; init; }

    /// <summary>How long it ran; zero where that was not kept.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>It ran some of its tests, and the others were not worth running any more.</summary>
    public bool IsPart { get; init; }

    /// <summary>Which lines its tests reached, where it measured that; not kept.</summary>
    [JsonIgnore]
    public LineCoverage? Coverage { get; init; }

    /// <summary>A restore that an earlier run on the same project files did.</summary>
    public static CheckResult RestoredBefore(PlannedCheck check) =>
        new(check.Name, check.Kind, check.Proves, CheckStatus.Passed, "Restored before: nothing that a restore reads has changed.", null, [], null, []);
}

/// <summary>All checks of one tree, in order; those after a failed build are missing.</summary>
internal sealed record CheckRun(IReadOnlyList<CheckResult> Checks, TimeSpan Duration)
{
    /// <summary>The sum over all reports; null when no test check ran to a report.</summary>
    public TestFigures? Figures
    {
        get
        {
            var tallies = Checks.Select(c => c.Tests?.Figures).OfType<TestFigures>().ToList();
            return tallies.Count == 0 ? null : new(tallies.Sum(t => t.Total), tallies.Sum(t => t.Passed), tallies.Sum(t => t.Failed), tallies.Sum(t => t.Skipped));
        }
    }

    /// <summary>It ended early, with tests that failed.</summary>
    public bool IsPart => Checks.Any(c => c.IsPart);

    public bool HasPassed => Checks.All(c => c.Status == CheckStatus.Passed);

    /// <summary>True when it tells of the tree alone, and would come out the same tomorrow.</summary>
    public bool IsLasting => Checks.Count > 0 && Checks.All(c => c.Status is CheckStatus.Passed or CheckStatus.TestsFailed);
}
