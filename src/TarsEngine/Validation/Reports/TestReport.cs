namespace TarsEngine.Validation.Reports;

internal enum TestOutcome
{
    Passed,
    Skipped,
    Failed,
}

/// <summary>One test as a report tells of it.</summary>
/// <param name="Id">The same in every run: assembly, class and name.</param>
/// <param name="Message">Why it failed, shortened.</param>
internal sealed record TestResult(string Id, string Name, TestOutcome Outcome, string? Message);

/// <summary>What all reports of one run say together.</summary>
internal sealed class TestReport
{
    /// <summary>No suite has more; a report that does is made to fill the memory.</summary>
    public const int MostTests = 1_000_000;

    private readonly Dictionary<string, TestResult> tests = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];
    private int passed, failed, skipped;

    /// <summary>By id. Cases of one name count together: one that fails makes the name fail.</summary>
    public IReadOnlyDictionary<string, TestResult> Tests => tests;

    /// <summary>Why the report can't be taken as whole: cut, hostile, contradictory, a run that broke off.</summary>
    public IReadOnlyList<string> Faults => faults;

    public TestFigures Figures => new(passed + failed + skipped, passed, failed, skipped);

    /// <summary>How many report files there were.</summary>
    public int Files { get; private set; }

    public void Add(TestResult test)
    {
        if (test.Outcome == TestOutcome.Passed) passed++;
        else if (test.Outcome == TestOutcome.Failed) failed++;
        else skipped++;
        if (!tests.TryGetValue(test.Id, out var known) || test.Outcome > known.Outcome || known.Outcome == TestOutcome.Skipped) tests[test.Id] = test;
    }

    public void AddFault(string fault)
    {
        if (faults.Count < 20) faults.Add(fault);
    }

    public void CountFile() => Files++;
}
