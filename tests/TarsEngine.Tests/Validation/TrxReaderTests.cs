using System.Text;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation;
using TarsEngine.Validation.Reports;

namespace TarsEngine.Tests.Validation;

public sealed class TrxReaderTests
{
    private const string Head = """<?xml version="1.0" encoding="utf-8"?><TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">""";

    private static TestReport Read(string text)
    {
        var report = new TestReport();
        TrxReader.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), report, "a.trx", "/codebase");
        return report;
    }

    private static string Result(string id, string name, string outcome, string inner = "") =>
        $"""<UnitTestResult testId="{id}" testName="{name}" outcome="{outcome}">{inner}</UnitTestResult>""";

    private static string Definition(string id, string className, string storage = "/codebase/t/bin/debug/net10.0/t.dll") =>
        $"""<UnitTest id="{id}" storage="{storage}"><Execution id="x" /><TestMethod codeBase="c" className="{className}" name="n" /></UnitTest>""";

    private static string Run(string results, string definitions, int total, string summary = "") =>
        $"""{Head}<Results>{results}</Results><TestDefinitions>{definitions}</TestDefinitions><ResultSummary outcome="Completed"><Counters total="{total}" />{summary}</ResultSummary></TestRun>""";

    [Fact]
    public void Names_outcomes_and_messages_are_read()
    {
        var report = Read(Run(
            Result("1", "N.C.Passes", "Passed")
            + Result("2", "Fails", "Failed", "<Output><StdOut>noise</StdOut><ErrorInfo><Message>Expected 1\nwas 2</Message><StackTrace>at x</StackTrace></ErrorInfo></Output>")
            + Result("3", "N.C.Skips", "NotExecuted"),
            Definition("1", "N.C") + Definition("2", "N.D") + Definition("3", "N.C"), 3));
        Assert.Empty(report.Faults);
        Assert.Equal(new TestFigures(3, 1, 1, 1), report.Figures);
        var failed = Assert.Single(report.Tests.Values, t => t.Outcome == TestOutcome.Failed);
        Assert.Equal(("t/bin/debug/net10.0/t.dll::N.D.Fails", "N.D.Fails", "Expected 1\nwas 2"), (failed.Id, failed.Name, failed.Message));
    }

    [Fact]
    public void The_same_test_of_two_frameworks_is_two_tests()
    {
        var report = Read(Run(
            Result("1", "N.C.T", "Passed") + Result("2", "N.C.T", "Failed"),
            Definition("1", "N.C", "/codebase/t/bin/debug/net8.0/t.dll") + Definition("2", "N.C", "/codebase/t/bin/debug/net10.0/t.dll"), 2));
        Assert.Equal(2, report.Tests.Count);
    }

    [Fact]
    public void Cases_of_one_name_count_each_and_one_failure_fails_the_name()
    {
        var report = Read(Run(Result("1", "N.C.T", "Failed") + Result("1", "N.C.T", "Passed"), Definition("1", "N.C"), 2));
        Assert.Equal(new TestFigures(2, 1, 1, 0), report.Figures);
        Assert.Equal(TestOutcome.Failed, Assert.Single(report.Tests.Values).Outcome);
    }

    [Theory]
    [InlineData("Error")]
    [InlineData("Timeout")]
    [InlineData("Aborted")]
    [InlineData("PassedButRunAborted")]
    [InlineData("passed")]
    [InlineData("Splendid")]
    [InlineData("")]
    public void An_outcome_that_is_not_plainly_a_pass_is_a_failure(string outcome) =>
        Assert.Equal(1, Read(Run(Result("1", "T", outcome), Definition("1", "C"), 1)).Figures.Failed);

    public static TheoryData<string> Broken => new()
    {
        "",
        "not xml",
        "<html/>",
        Head,
        Head + "<Results>" + Result("1", "T", "Passed"),
        Head + "<Results>" + Result("1", "T", "Passed") + "</Results></TestRun>",
        Run(Result("1", "T", "Passed"), "", 2),
        """<?xml version="1.0"?><!DOCTYPE TestRun [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><TestRun>&b;</TestRun>""",
        """<?xml version="1.0"?><!DOCTYPE TestRun [<!ENTITY a SYSTEM "file:///etc/passwd">]><TestRun>&a;</TestRun>""",
        Head + string.Concat(Enumerable.Repeat("<a>", 5_000)),
        Run(Result("1", "T", "Passed"), Definition("1", "C"), 1, """<RunInfos><RunInfo outcome="Error"><Text>Test host process crashed</Text></RunInfo></RunInfos>"""),
        Run(Result("1", "T", "Passed"), Definition("1", "C"), 1).Replace("\"Completed\"", "\"Aborted\"", StringComparison.Ordinal),
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void A_report_that_is_cut_hostile_or_contradicts_itself_is_never_whole(string text) => Assert.NotEmpty(Read(text).Faults);

    [Fact]
    public void Lines_that_an_adapter_adds_for_each_failed_test_are_no_fault_of_the_run() =>
        Assert.Empty(Read(Run(Result("1", "T", "Failed"), Definition("1", "C"), 1, """<RunInfos><RunInfo outcome="Error"><Text>[xUnit.net 00:00:00.10]     C.T [FAIL]</Text></RunInfo></RunInfos>""")).Faults);

    [Fact]
    public void Long_texts_are_cut()
    {
        var report = Read(Run(
            Result("1", new string('n', 100_000), "Failed", $"<Output><ErrorInfo><Message>{new string('m', 1_000_000)}</Message></ErrorInfo></Output>") + Result("2", "T", "Passed"),
            "", 2));
        Assert.All(report.Tests.Values, t => Assert.True(t.Id.Length < 5_000 && (t.Message?.Length ?? 0) <= 4_000));
        Assert.Equal(2, report.Figures.Total);
    }

    [Fact]
    public void Any_prefix_of_a_good_report_is_not_whole_or_says_nothing()
    {
        var whole = Run(Result("1", "N.C.A", "Passed") + Result("2", "N.C.B", "Failed", "<Output><ErrorInfo><Message>m</Message></ErrorInfo></Output>"), Definition("1", "N.C") + Definition("2", "N.C"), 2);
        for (var length = 0; length < whole.Length; length++) Assert.NotEmpty(Read(whole[..length]).Faults);
        Assert.Empty(Read(whole).Faults);
    }

    [Fact]
    public void Fifty_thousand_tests_are_read_as_a_stream()
    {
        var results = new StringBuilder();
        for (var i = 0; i < 50_000; i++) results.Append(Result(i.ToString(), $"N.C.T{i}", "Passed"));
        Assert.Equal(50_000, Read(Run(results.ToString(), "", 50_000)).Figures.Passed);
    }

    [Fact]
    public void Links_and_pipes_in_the_results_folder_are_not_followed()
    {
        using var folder = new TempFolder();
        using var outside = new TempFolder();
        File.WriteAllText(outside.File("real.trx"), TrxReaderTests.Run(Result("1", "T", "Passed"), Definition("1", "C"), 1));
        File.CreateSymbolicLink(folder.File("link.trx"), outside.File("real.trx"));
        Directory.CreateSymbolicLink(folder.File("folder"), outside.Path);
        Assert.Equal(0, Start("mkfifo", folder.File("pipe.trx")));
        var report = ResultsFolder.Read(new FileSystem(), folder.Path, ReportFormat.Trx, "/codebase");
        Assert.Equal(0, report.Figures.Total);
        Assert.Equal(2, report.Faults.Count);

        static int Start(string program, string argument)
        {
            using var process = System.Diagnostics.Process.Start(program, argument);
            process.WaitForExit();
            return process.ExitCode;
        }
    }

    [Fact]
    public void Several_reports_of_one_run_are_joined()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.File("inner"));
        File.WriteAllText(folder.File("a.trx"), Run(Result("1", "N.A", "Passed"), Definition("1", "N"), 1));
        File.WriteAllText(folder.File("inner/b.TRX"), Run(Result("1", "N.B", "Failed"), Definition("1", "N"), 1));
        File.WriteAllText(folder.File("coverage.xml"), "not a report");
        var report = ResultsFolder.Read(new FileSystem(), folder.Path, ReportFormat.Trx, "/codebase");
        Assert.Empty(report.Faults);
        Assert.Equal(new TestFigures(2, 1, 1, 0), report.Figures);
    }
}
