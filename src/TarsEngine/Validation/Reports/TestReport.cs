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
internal sealed record TestResult(string Id, string Name, TestOutcome Outcome, string? Message)
{
    /// <summary>Of a failure.</summary>
    public FailureKind? Kind { get; init; }

    /// <summary>The file that it stands in, as the report names it.</summary>
    public string? File { get; init; }
}

/// <summary>What all reports of one run say together. Bounded: of very many tests only those that failed are kept by name.</summary>
internal sealed class TestReport
{
    /// <summary>No suite has more; a report that does is made to fill the memory.</summary>
    public const int MostTests = 1_000_000;

    /// <summary>So many are kept by name; of more, only failures are.</summary>
    public const int MostNamed = 50_000;

    /// <summary>So many failures are kept; more are counted.</summary>
    public const int MostFailures = 5_000;

    private readonly Dictionary<string, TestResult> tests = new(StringComparer.Ordinal);
    private readonly List<string> faults = [];
    private int passed, failed, skipped;

    /// <summary>By id. Cases of one name count together: one that fails makes the name fail.</summary>
    public IReadOnlyDictionary<string, TestResult> Tests => tests;

    /// <summary>False when there were too many: <see cref="Tests"/> then holds failures alone.</summary>
    public bool HasEveryName { get; private set; } = true;

    /// <summary>Why the report can't be taken as whole: cut, hostile, contradictory, a run that broke off.</summary>
    public IReadOnlyList<string> Faults => faults;

    public TestFigures Figures => new(passed + failed + skipped, passed, failed, skipped);

    /// <summary>How many report files there were.</summary>
    public int Files { get; private set; }

    /// <summary>A test that began and did not end, where a report tells.</summary>
    public string? Unfinished { get; set; }

    public void Add(TestResult test)
    {
        if (test.Outcome == TestOutcome.Passed) passed++;
        else if (test.Outcome == TestOutcome.Failed) failed++;
        else skipped++;
        var isFailure = test.Outcome == TestOutcome.Failed;
        if (isFailure ? failed > MostFailures && !HasEveryName : !HasEveryName) return;
        if (!tests.TryGetValue(test.Id, out var known) || test.Outcome > known.Outcome || known.Outcome == TestOutcome.Skipped) tests[test.Id] = test;
        if (HasEveryName && tests.Count > MostNamed) ForgetNames();
    }

    private void ForgetNames()
    {
        HasEveryName = false;
        var kept = 0;
        foreach (var (id, test) in tests.ToList())
        {
            if (test.Outcome != TestOutcome.Failed || ++kept > MostFailures) tests.Remove(id);
        }
        tests.TrimExcess();
    }

    public void AddFault(string fault)
    {
        if (faults.Count < 20) faults.Add(fault);
    }

    public void CountFile() => Files++;
}
