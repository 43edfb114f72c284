using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation.Probe;

/// <summary>The probe in the sandbox: a small runner stands in for the build and the tests of a codebase.</summary>
public sealed class ProbeRunTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    // A test passes when the source holds the line that it asks for.
    private const string Runner = """
        o=Passed; grep -q 'a < b' src/A.cs || o=Failed
        echo "<TestRun><Results><UnitTestResult testName=\"T\" testId=\"1\" outcome=\"$o\"/></Results><ResultSummary><Counters total=\"1\"/></ResultSummary></TestRun>" > $1/r.trx
        [ $o = Passed ]
        """;

    private const string Before = "class A\n{\n    bool Less(int a, int b) => true;\n}\n";

    private async Task<Verdict> ValidateAsync(string probe, string after)
    {
        var tree = fixture.Tree(("go", Runner.Replace("a < b", after.Contains("a < b", StringComparison.Ordinal) ? "\\(a < b\\|true\\)" : "class", StringComparison.Ordinal)), ("src/A.cs", Before));
        var configuration = ConfigurationLoader.Load("checks: [{name: t, kind: test, run: [sh, go, '{results}']}]\n" + probe, null).Configuration;
        return (await fixture.ValidateAsync(tree, configuration, fixture.Change("src/A.cs", after, tree))).Verdict;
    }

    [Fact]
    public async Task A_change_that_its_tests_would_miss_is_told_from_one_that_they_would_not()
    {
        var noticed = await ValidateAsync("probe: {mode: hold}", Before.Replace("true", "a < b", StringComparison.Ordinal));
        Assert.Equal((VerdictOutcome.Pass, "probe/noticed"), (noticed.Outcome, noticed.Findings[^1].Rule));
        var unnoticed = await ValidateAsync("probe: {mode: hold}", Before.Replace("true", "a > b", StringComparison.Ordinal));
        Assert.Equal(VerdictOutcome.Hold, unnoticed.Outcome);
        Assert.Equal((Severity.Hold, 3), (Assert.Single(unnoticed.Findings, f => f.Rule == "probe/unnoticed").Severity, unnoticed.Findings[^1].Line));
        Assert.Contains("No test notices when 'a > b' becomes 'a >= b'", unnoticed.Findings[^1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_not_made_unless_asked_for_and_begins_no_fault_when_its_time_is_over()
    {
        var after = Before.Replace("true", "a > b", StringComparison.Ordinal);
        Assert.DoesNotContain((await ValidateAsync("", after)).Findings, f => f.Rule.StartsWith("probe/", StringComparison.Ordinal));
        var many = "class A\n{\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"    bool F{i}(int a, int b) => a > b;\n")) + "}\n";
        var verdict = await ValidateAsync("probe: {mode: tell, faults: 1000, time: 1s}", many);
        Assert.DoesNotContain("Of 200 faults", Assert.Single(verdict.Findings, f => f.Rule == "probe/unnoticed").Message, StringComparison.Ordinal);
    }
}
