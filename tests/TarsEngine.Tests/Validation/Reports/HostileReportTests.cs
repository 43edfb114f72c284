using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Tests.Validation.Reports;

/// <summary>Reports that code which is not trusted wrote: none makes us throw, hang, fill the memory, or believe in a pass.</summary>
public sealed class HostileReportTests
{
    private static TestReport Read(ReportFormat format, string text) => RecordedReportTests.Read(format, Encoding.UTF8.GetBytes(text));

    [Theory]
    [InlineData(ReportFormat.JUnit, "")]
    [InlineData(ReportFormat.JUnit, "<html/>")]
    [InlineData(ReportFormat.JUnit, "<testsuite tests='2'><testcase name='a'/></testsuite>")]
    [InlineData(ReportFormat.JUnit, "<testsuites><testsuite tests='1'></testsuite></testsuites>")]
    [InlineData(ReportFormat.JUnit, "<testsuite tests='1'><testcase name='a'/>")]
    [InlineData(ReportFormat.JUnit, "<!DOCTYPE t [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='&a;'/></testsuite>")]
    [InlineData(ReportFormat.Tap, "")]
    [InlineData(ReportFormat.Tap, "TAP version 13\nok 1 - a\n")]
    [InlineData(ReportFormat.Tap, "1..2\nok 1 - a\n")]
    [InlineData(ReportFormat.Tap, "1..1\nok 1 - a\nok 2 - b\n")]
    [InlineData(ReportFormat.Tap, "1..1\nok 1 - a\nBail out! no disk\n")]
    [InlineData(ReportFormat.Tap, "1..99999999999999999999\nok 1\n")]
    [InlineData(ReportFormat.Tap, "# Subtest: s\n    ok 1 - a\n    1..2\nok 1 - s\n1..1\n")]
    [InlineData(ReportFormat.Jest, "")]
    [InlineData(ReportFormat.Jest, "[]")]
    [InlineData(ReportFormat.Jest, "{}")]
    [InlineData(ReportFormat.Jest, """{"numTotalTests":2,"testResults":[{"name":"a","status":"passed","assertionResults":[{"fullName":"x","status":"passed"}]}]}""")]
    [InlineData(ReportFormat.Jest, """{"numTotalTests":1,"testResults":[{"name":"a","assertionResults":[{"fullName":"x","status":"passed"}]}]""")]
    [InlineData(ReportFormat.Jest, """{"numTotalTests":1,"testResults":[{"name":"\ud800","assertionResults":[]}]}""")]
    [InlineData(ReportFormat.GoTest, """{"Action":"run","Package":"p","Test":"T"}""")]
    [InlineData(ReportFormat.GoTest, """{"Action":"pass","Package":"p","Test":""")]
    [InlineData(ReportFormat.Cargo, "running 2 tests\ntest a ... ok\n")]
    [InlineData(ReportFormat.Cargo, "running 2 tests\ntest a ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out")]
    [InlineData(ReportFormat.Cargo, "running 1 test\ntest a ... FAILED\ntest a ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out")]
    [InlineData(ReportFormat.Cargo, "running 1 test\ntest a ... ok\ntest b ... ok\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out")]
    public void What_is_broken_cut_or_contradicts_itself_is_not_whole(ReportFormat format, string text) => Assert.NotEmpty(Read(format, text).Faults);

    [Theory]
    [InlineData(ReportFormat.JUnit, "<testsuite tests='0'/>")]
    [InlineData(ReportFormat.Tap, "1..0 # SKIP nothing here\n")]
    [InlineData(ReportFormat.Jest, """{"numTotalTests":0,"testResults":[]}""")]
    [InlineData(ReportFormat.GoTest, "")]
    [InlineData(ReportFormat.Cargo, "")]
    public void Zero_tests_are_zero_tests(ReportFormat format, string text) => Assert.Equal(0, Read(format, text).Figures.Executed);

    [Fact]
    public void Attack_nesting_without_end_is_a_fault_and_not_a_crash()
    {
        Assert.NotEmpty(Read(ReportFormat.JUnit, string.Concat(Enumerable.Repeat("<testsuite>", 100_000))).Faults);
        Assert.NotEmpty(Read(ReportFormat.JUnit, "<testsuite><testcase name='a'><failure>" + string.Concat(Enumerable.Repeat("<a>", 100_000))).Faults);
        Assert.NotEmpty(Read(ReportFormat.Jest, new string('[', 1_000_000)).Faults);
        Assert.NotEmpty(Read(ReportFormat.GoTest, "{\"Package\":" + new string('[', 1_000_000)).Faults);
        var deep = new StringBuilder();
        for (var depth = 0; depth < 1_000; depth++) deep.Append(' ', depth * 4).Append("# Subtest: s\n");
        deep.Append(' ', 4_000).Append("ok 1 - a\n");
        Assert.NotEmpty(Read(ReportFormat.Tap, deep.ToString()).Faults);
    }

    [Fact]
    public void Attack_texts_without_end_are_cut()
    {
        var long1 = new string('m', 5_000_000);
        foreach (var report in new[]
        {
            Read(ReportFormat.JUnit, $"<testsuite><testcase name='{long1}'><failure message='{long1}'>{long1}</failure></testcase></testsuite>"),
            Read(ReportFormat.Tap, $"1..1\nnot ok 1 - {long1}\n  ---\n  error: '{long1}'\n  ...\n"),
            Read(ReportFormat.Jest, $$"""{"numTotalTests":1,"testResults":[{"name":"a","status":"failed","assertionResults":[{"fullName":"{{long1}}","status":"failed","failureMessages":["{{long1}}"]}]}]}"""),
            Read(ReportFormat.Cargo, $"running 1 test\ntest a ... FAILED\n---- a stdout ----\n{long1}\nfailures:\n\ntest result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out"),
        })
        {
            Assert.Equal(1, report.Figures.Failed);
            Assert.All(report.Tests.Values, test => Assert.True(test.Id.Length < 6_000 && test.Message!.Length < 10_000));
        }
        Assert.NotEmpty(Read(ReportFormat.Jest, $$"""{"x":"{{new string('m', 40_000_000)}}"}""").Faults);
    }

    [Fact]
    public void A_log_of_a_failed_test_that_says_nothing_else_is_kept_from_its_end()
    {
        var report = Read(ReportFormat.JUnit, $"<testsuite><testcase name='a' status='fail'><failure message=''/><system-out>{new string('x', 20_000)}\na.c:3: FAIL</system-out></testcase></testsuite>");
        Assert.EndsWith("a.c:3: FAIL", Assert.Single(report.Tests.Values).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_very_many_tests_only_failures_are_kept_by_name()
    {
        var text = new StringBuilder("<testsuite tests='60002'>");
        for (var i = 0; i < 60_000; i++) text.Append("<testcase classname='a.b' name='t").Append(i).Append("'/>");
        text.Append("<testcase name='bad'><failure/></testcase><testcase name='worse'><failure/></testcase></testsuite>");
        var report = Read(ReportFormat.JUnit, text.ToString());
        Assert.Equal((60_002, 2, false), (report.Figures.Total, report.Figures.Failed, report.HasEveryName));
        Assert.Equal(["bad", "worse"], report.Tests.Values.Select(t => t.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_tap_parent_that_alone_failed_counts_and_one_that_sums_up_does_not()
    {
        var report = Read(ReportFormat.Tap, "# Subtest: p\n    ok 1 - a\n    1..1\nnot ok 1 - p\n  ---\n  error: 'after hook'\n  ...\nok 2 - later # skip x\nnot ok 3 - due # TODO\n1..3\n");
        Assert.Empty(report.Faults);
        Assert.Equal((1, 1, 2), (report.Figures.Passed, report.Figures.Failed, report.Figures.Skipped));
        Assert.Equal("after hook", report.Tests["::p"].Message);
    }
}
