using System.Globalization;
using TarsEngine.Changes;
using TarsEngine.Configuration;

namespace TarsEngine.Validation.Probe;

/// <summary>What became of one fault.</summary>
internal enum FaultOutcome
{
    /// <summary>A test failed.</summary>
    Noticed,

    /// <summary>Everything passed.</summary>
    Unnoticed,

    /// <summary>It was no code: it counts for nothing.</summary>
    NotCompiled,

    /// <summary>A tool failed: it counts for nothing.</summary>
    Unclear,
}

internal sealed record TriedFault(Fault Fault, FaultOutcome Outcome);

/// <summary>From tried faults to findings. Pure.</summary>
internal static class ProbeFindings
{
    private const int MostShown = 5;

    public static IReadOnlyList<Finding> Of(IReadOnlyList<TriedFault> tried, TimeSpan took, ProbeSettings settings)
    {
        var (noticed, unnoticed) = (tried.Count(t => t.Outcome == FaultOutcome.Noticed), tried.Where(t => t.Outcome == FaultOutcome.Unnoticed).ToList());
        var counted = noticed + unnoticed.Count;
        if (counted == 0)
            return [new(Severity.Info, "probe/nothing-tried", tried.Count == 0 ? "The change has no line of C# code, outside of tests, that a fault could be put into." : "None of the faults compiled, or could be tried.")];
        var figures = string.Create(CultureInfo.InvariantCulture, $"Of {counted} faults put into the changed lines, one at a time, tests noticed {noticed} (in {took.TotalSeconds:0} s).");
        var findings = new List<Finding>
        {
            noticed > 0 ? new(Severity.Info, "probe/noticed", figures) : new(settings.Mode == ProbeMode.Hold ? Severity.Hold : Severity.Warning, "probe/unnoticed",
                $"No test would miss this change: {figures}", unnoticed[0].Fault.Path, unnoticed[0].Fault.Line, "Add tests that fail when the changed lines are wrong."),
        };
        findings.AddRange(unnoticed.Take(MostShown).Select(t => new Finding(Severity.Info, "probe/survivor", $"No test notices when {t.Fault.Shown}.", t.Fault.Path, t.Fault.Line)));
        return findings;
    }

    public static string Word(FaultOutcome outcome) => outcome switch
    {
        FaultOutcome.Noticed => "noticed",
        FaultOutcome.Unnoticed => "no test notices",
        FaultOutcome.NotCompiled => "doesn't compile",
        _ => "could not be tried",
    };
}
