using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Terminal;
using TarsEngine.Validation;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Tests.Validation;

public sealed class VerdictJudgeTests
{
    private static readonly PlannedCheck Build = new("build", CheckKind.Build, ["dotnet", "build"], "", TimeSpan.FromMinutes(1), ReportFormat.None, new Dictionary<string, string>(), false);
    private static readonly PlannedCheck Test = Build with { Name = "test", Kind = CheckKind.Test, Report = ReportFormat.Trx, Proves = true };
    private static readonly PlannedCheck Command = Build with { Name = "lint", Kind = CheckKind.Command };

    private static CheckResult Ended(PlannedCheck check, int exitCode, TestReport? report = null, params string[] lines)
    {
        var output = new CheckOutput("/codebase");
        foreach (var line in lines) output.Read(line);
        var tail = lines.Select(l => new OutputLine(OutputSource.Output, l)).ToList();
        return CheckClassifier.Classify(check, new(exitCode, null, false, TimeSpan.FromSeconds(1), tail, false, ""), output, check.Report == ReportFormat.None ? null : report ?? new TestReport());
    }

    private static TestReport Report(params (string Name, TestOutcome Outcome)[] tests)
    {
        var report = new TestReport();
        report.CountFile();
        foreach (var (name, outcome) in tests) report.Add(new("t.dll::" + name, name, outcome, outcome == TestOutcome.Failed ? "expected 1" : null));
        return report;
    }

    private static CheckResult Tested(int exitCode, params (string Name, TestOutcome Outcome)[] tests) => Ended(Test, exitCode, Report(tests));

    private static CheckRun Run(params CheckResult[] results) => new(results, TimeSpan.FromSeconds(1));

    private static IReadOnlyList<Finding> Judge(CheckResult before, CheckResult after, params string[] flaky) =>
        VerdictJudge.JudgeChange(Run(before), Run(after), flaky.Select(f => "t.dll::" + f).ToHashSet(), TarsConfiguration.Default);

    private static VerdictOutcome Outcome(IReadOnlyList<Finding> findings) => Verdict.OutcomeOf(findings);

    [Fact]
    public void A_compile_error_with_zero_tests_is_a_failure_with_its_place()
    {
        var after = Ended(Test, 1, null, "/codebase/a.cs(3,7): error CS1002: ; expected [/codebase/a.csproj]", "Failed: 0, Passed: 0");
        Assert.Equal(CheckStatus.BuildErrors, after.Status);
        var finding = Judge(Tested(0, ("A", TestOutcome.Passed)), after)[0];
        Assert.Equal((Severity.Error, "build/CS1002", "a.cs", 3), (finding.Severity, finding.Rule, finding.Path?.Value, finding.Line));
    }

    [Theory]
    [InlineData("Passed!  - Failed:     0, Passed:     1, Skipped:     0, Total:     1")]
    [InlineData("error: everything is fine, 0 errors")]
    public void Words_of_failure_in_the_output_of_a_pass_mean_nothing(string line)
    {
        var after = Ended(Test, 0, Report(("A", TestOutcome.Passed)), line);
        Assert.Equal(CheckStatus.Passed, after.Status);
        Assert.Empty(Judge(Tested(0, ("A", TestOutcome.Passed)), after));
    }

    [Fact]
    public void What_fails_and_prints_that_all_passed_has_failed()
    {
        Assert.Equal(VerdictOutcome.Fail, Outcome(Judge(Ended(Command, 0), Ended(Command, 1, null, "All tests passed"))));
        Assert.NotEqual(CheckStatus.Passed, Ended(Test, 1, Report(("A", TestOutcome.Passed)), "All tests passed").Status);
        Assert.Equal(VerdictOutcome.Hold, Outcome(Judge(Ended(Build, 0), Ended(Build, 1, null, "Build succeeded"))));
    }

    [Fact]
    public void A_failed_test_counts_although_the_exit_code_is_zero() =>
        Assert.Equal(VerdictOutcome.Fail, Outcome(Judge(Tested(0, ("A", TestOutcome.Passed)), Tested(0, ("A", TestOutcome.Failed)))));

    [Fact]
    public void Zero_tests_are_never_a_pass()
    {
        Assert.Equal(VerdictOutcome.Fail, Outcome(Judge(Tested(0, ("A", TestOutcome.Passed)), Tested(0))));
        Assert.Equal(VerdictOutcome.Fail, Outcome(Judge(Tested(0, ("A", TestOutcome.Passed)), Tested(0, ("A", TestOutcome.Skipped)))));
        Assert.Equal(VerdictOutcome.Hold, Outcome(Judge(Tested(0), Tested(0))));
        // No file at all: the report is missing, whatever the exit code says.
        Assert.Equal(VerdictOutcome.Hold, Outcome(VerdictJudge.JudgeChange(Run(Ended(Test, 0)), Run(Ended(Test, 0)), new HashSet<string>(), TarsConfiguration.Default)));
    }

    [Fact]
    public void Only_new_failures_count()
    {
        var red = Tested(1, ("A", TestOutcome.Failed), ("B", TestOutcome.Passed));
        Assert.Equal("baseline/red", Assert.Single(VerdictJudge.JudgeBase(Run(red))).Rule);
        Assert.Empty(Judge(red, red));
        var worse = Judge(red, Tested(1, ("A", TestOutcome.Failed), ("B", TestOutcome.Failed)));
        Assert.Contains("B fails with the change and not without: expected 1", Assert.Single(worse).Message, StringComparison.Ordinal);
        Assert.Empty(Judge(red, Tested(0, ("A", TestOutcome.Passed), ("B", TestOutcome.Passed))));
    }

    [Fact]
    public void A_test_that_flips_is_flaky_and_said()
    {
        var findings = Judge(Tested(0, ("A", TestOutcome.Passed)), Tested(1, ("A", TestOutcome.Failed)), "A");
        Assert.Equal((Severity.Warning, "tests/flaky"), (Assert.Single(findings).Severity, findings[0].Rule));
    }

    [Fact]
    public void Fewer_tests_are_held_and_those_that_went_are_named()
    {
        var before = Tested(0, ("A", TestOutcome.Passed), ("B", TestOutcome.Passed));
        var findings = Judge(before, Tested(0, ("A", TestOutcome.Passed)));
        Assert.Equal((Severity.Hold, "tests/fewer"), (Assert.Single(findings).Severity, findings[0].Rule));
        Assert.Contains("No longer run: B.", findings[0].Message, StringComparison.Ordinal);
        Assert.Equal("tests/fewer", Assert.Single(Judge(before, Tested(0, ("A", TestOutcome.Passed), ("B", TestOutcome.Skipped)))).Rule);
        Assert.Equal("tests/gone", Assert.Single(Judge(before, Tested(0, ("A", TestOutcome.Passed), ("C", TestOutcome.Passed)))).Rule);
    }

    [Fact]
    public void The_policys_minimum_of_tests_holds()
    {
        var policy = TarsConfiguration.Default with { Limits = ConfigurationLimits.Default with { MinimumTests = 2 } };
        var one = Tested(0, ("A", TestOutcome.Passed));
        Assert.Equal("tests/too-few", Assert.Single(VerdictJudge.JudgeChange(Run(one), Run(one), new HashSet<string>(), policy)).Rule);
    }

    [Theory]
    [InlineData("/codebase/a.csproj : error NU1101: Unable to find package Left.Pad. No packages exist with this id [/codebase/a.sln]", "NU1101: Unable to find package Left.Pad", "tarscli packages fetch")]
    [InlineData("/codebase/a.csproj : error NU1102: Unable to find package X with version (>= 9)", "NU1102", "tarscli packages fetch")]
    [InlineData("error NETSDK1045: The current .NET SDK does not support targeting .NET 99.0.", "NETSDK1045", "dotnet.framework")]
    [InlineData("Requested SDK version: 99.0.100", "SDK 99.0.100", "global.json")]
    [InlineData("Framework: 'Microsoft.NETCore.App', version '8.0.0' (x64)", "version '8.0.0'", "roll-forward")]
    public void What_is_missing_here_is_named_with_the_way_on_and_is_nobodys_fault(string line, string words, string remedy)
    {
        var check = Ended(Build, line.StartsWith("Requested", StringComparison.Ordinal) ? 155 : 1, null, line);
        Assert.Equal(CheckStatus.Surroundings, check.Status);
        Assert.False(Run(check).IsLasting);
        var finding = Assert.Single(VerdictJudge.JudgeBase(Run(check)));
        Assert.Equal((Severity.Hold, "environment/missing"), (finding.Severity, finding.Rule));
        Assert.Contains(words, finding.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, finding.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_base_that_does_not_build_is_held_with_its_errors()
    {
        var findings = VerdictJudge.JudgeBase(Run(Ended(Build, 1, null, "/codebase/a.cs(3,7): error CS0103: no x [/codebase/a.csproj]")));
        Assert.Equal(VerdictOutcome.Hold, Outcome(findings));
        Assert.Equal(("baseline/CS0103", "a.cs", 3), (findings[0].Rule, findings[0].Path?.Value, findings[0].Line));
    }

    [Fact]
    public void Silence_is_a_fault_of_the_tool_and_never_lands()
    {
        var silent = Ended(Build, 3);
        Assert.Equal(CheckStatus.ToolFault, silent.Status);
        Assert.Equal((Severity.Hold, "check/tool-fault"), (Judge(Ended(Build, 0), silent)[0].Severity, Judge(Ended(Build, 0), silent)[0].Rule));
    }

    [Fact]
    public void A_run_that_breaks_off_or_a_report_that_is_cut_refuses()
    {
        var report = Report(("A", TestOutcome.Passed));
        report.AddFault("cut");
        Assert.Equal(VerdictOutcome.Fail, Outcome(Judge(Tested(0, ("A", TestOutcome.Passed)), Ended(Test, 0, report))));
        var crashed = Ended(Test, 1, Report(("A", TestOutcome.Passed)), "The active test run was aborted. Reason: Test host process crashed");
        Assert.Equal(VerdictOutcome.Fail, Outcome(Judge(Tested(0, ("A", TestOutcome.Passed)), crashed)));
    }
}
