using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Validation;

/// <summary>Whether a run of the checks proves a change, and what to say where it can't.</summary>
internal static class Proof
{
    /// <summary>True when a run shows that the codebase works.</summary>
    public static bool IsIn(CheckRun run) => run.Checks.Any(Proves);

    /// <summary>Some tests alone prove nothing.</summary>
    public static Finding Partial(IReadOnlyList<string> parts) => new(Severity.Hold, Verdict.PartialRule, $"Only tests whose names hold {string.Join(" or ", parts.Select(part => $"'{ByteText.Display(part)}'"))} were run, as asked.",
        Remedy: "Nothing lands on that: with its approval all tests are run first.");

    /// <summary>Nothing can be built or tested.</summary>
    public static Finding Missing(TarsConfiguration configuration, CheckPlan basePlan)
    {
        if (basePlan.Checks.Count > 0)
            return new(Severity.Error, "checks/gone", "Nothing is left to build or test with the change; without it there was.");
        return configuration.AllowUnproven
            ? new(Severity.Info, "checks/none", "No checks were found or configured; your configuration lets unproven changes pass.")
            : new(Severity.Hold, "checks/none", "There is nothing to prove the change with: no checks were found or configured.",
                Remedy: "Describe checks in 'tars.yaml' or your own configuration, or let unproven changes pass with 'allow.unproven: true' in your own.");
    }

    /// <summary>What was run shows nothing.</summary>
    public static IEnumerable<Finding> Unproven(TarsConfiguration configuration, CheckRun run)
    {
        if (IsIn(run) || run.Checks.Any(c => c.Status != CheckStatus.Passed) || run.Figures is not null) return [];
        return
        [
            new(configuration.AllowUnproven ? Severity.Info : Severity.Hold, "checks/unproven", "It builds, but no test and no check of yours shows that it works.",
                Remedy: "Add tests, or let unproven changes pass with 'allow.unproven: true' in your own configuration."),
        ];
    }

    private static bool Proves(CheckResult check) =>
        check is { Proves: true, Status: CheckStatus.Passed or CheckStatus.TestsFailed } && check.Tests is null or { Figures.Executed: > 0 };
}
