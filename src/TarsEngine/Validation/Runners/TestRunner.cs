using TarsEngine.Changes;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation.Runners;

/// <summary>What will be run for one project, and what can't be.</summary>
internal sealed record RunnerPlan(IReadOnlyList<PlannedCheck> Checks, IReadOnlyList<Finding> Findings);

/// <summary>A tool that runs tests, and can be told which.</summary>
internal abstract class TestRunner
{
    /// <summary>The arguments that choose just these tests; null where that can't be said.</summary>
    public virtual IReadOnlyList<string>? Choose(IReadOnlyList<FailedTest> tests) => null;

    /// <summary>The arguments that choose tests whose names hold one of these; null where the tool can't.</summary>
    public virtual IReadOnlyList<string>? Named(IReadOnlyList<string> parts) => null;
}
