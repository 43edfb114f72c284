using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsEngine.Validation;

/// <summary>What may become of a change.</summary>
public enum VerdictOutcome
{
    /// <summary>May land as policy says.</summary>
    Pass,

    /// <summary>A person must look; never lands by itself.</summary>
    Hold,

    /// <summary>Refused.</summary>
    Fail,
}

/// <summary>How many tests a run had.</summary>
public sealed record TestFigures(int Total, int Passed, int Failed, int Skipped)
{
    public static TestFigures None { get; } = new(0, 0, 0, 0);

    /// <summary>Those that really ran.</summary>
    public int Executed => Passed + Failed;

    public override string ToString() => $"{Passed} passed, {Failed} failed, {Skipped} skipped";
}

/// <summary>The answer to one change on one base, from our own run of it.</summary>
/// <param name="Findings">In the order in which they were found, cheapest checks first.</param>
/// <param name="Baseline">The base's tests; null when none were run.</param>
/// <param name="Tests">The tests with the change; null when it did not come so far.</param>
/// <param name="BaseTree">What the change was tried on.</param>
/// <param name="ResultTree">The only tree that this verdict is about.</param>
/// <param name="Proven">True when tests, or a check that the user named for it, ran and showed that it works.</param>
public sealed record Verdict(
    VerdictOutcome Outcome,
    IReadOnlyList<Finding> Findings,
    TestFigures? Baseline,
    TestFigures? Tests,
    ContentHash BaseTree,
    ContentHash ResultTree,
    TimeSpan Duration,
    bool Proven)
{
    /// <summary>Said when not all tests were run, as asked: such a verdict lands nothing.</summary>
    internal const string PartialRule = "tests/partial";

    /// <summary>Only some of the tests were run.</summary>
    public bool IsPartial => Findings.Any(f => f.Rule == PartialRule);

    /// <summary>The outcome that findings lead to: the strictest counts.</summary>
    public static VerdictOutcome OutcomeOf(IEnumerable<Finding> findings) =>
        findings.Select(f => f.Severity).DefaultIfEmpty(Severity.Info).Max() switch
        {
            Severity.Error => VerdictOutcome.Fail,
            Severity.Hold => VerdictOutcome.Hold,
            _ => VerdictOutcome.Pass,
        };

    /// <summary>Versioned JSON that <see cref="FromJson"/> reads back.</summary>
    public string ToJson() => VerdictJson.Write(this);

    /// <exception cref="FormatException">Not a verdict, or one of a newer version.</exception>
    public static Verdict FromJson(string json) => VerdictJson.Read(json);
}
