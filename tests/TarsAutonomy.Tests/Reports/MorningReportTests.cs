using System.Text.Json;
using TarsAutonomy.Reports;
using TarsAutonomy.Sessions;

namespace TarsAutonomy.Tests.Reports;

public sealed class MorningReportTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Sums_come_from_the_session_and_from_the_records_of_its_executions()
    {
        var sums = Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed), Nights.Task(2, TaskOutcome.Landed), Nights.Task(3, TaskOutcome.Failed), Nights.Task(4, TaskOutcome.Held), Nights.Task(5, TaskOutcome.Skipped))).Sums;
        Assert.Equal((2, 1, 1, 1, 0), (sums.Landed, sums.Failed, sums.Held, sums.Skipped, sums.Abandoned));
        // Two of their own and one that both touched; 14 lines each.
        Assert.Equal((3, 28, 8), (sums.Files, sums.ChangedLines, sums.Attempts));
        Assert.Equal(new ClaimedUsage(12_000, 1200, 0.2m), sums.Claimed);
        Assert.Equal(600, sums.AttemptSeconds);
    }

    [Fact]
    public void A_landed_task_has_its_commit_figures_diff_and_what_the_agent_claims()
    {
        var task = Assert.Single(Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed))).Tasks);
        Assert.Equal(("landed", "c0ffee1", "CTX-11", "pass", true), (task.Outcome, task.Commit, task.Context, task.Verdict, task.Proven));
        Assert.Equal((40, 42, 240), (task.TestsBefore!.Total, task.Tests!.Total, task.Seconds));
        Assert.Equal(new ClaimedUsage(3000, 300, 0.05m), task.Claimed);
        Assert.Equal(6, task.Diff!.Lines.Count);
        Assert.Equal("error", task.Findings[0].Severity);
    }

    [Theory]
    [InlineData(TaskOutcome.Held, "tarscli execute review --context-id CTX-11")]
    [InlineData(TaskOutcome.Failed, "tarscli execute status --context-id CTX-11 --detail")]
    [InlineData(TaskOutcome.Abandoned, "tarscli autonomous resume")]
    [InlineData(TaskOutcome.Skipped, "tarscli tasks check")]
    [InlineData(TaskOutcome.Landed, null)]
    public void What_did_not_land_says_what_to_do(TaskOutcome outcome, string? next) =>
        Assert.Equal(next, Of(Nights.Session(3, Nights.Task(1, outcome))).Tasks[0].Next);

    [Fact]
    public void A_task_whose_record_is_gone_is_told_without_figures()
    {
        var report = MorningReport.Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed)), [], _ => null, ReportSettings.Default);
        Assert.Equal((null, false, null, 14), (report.Tasks[0].Verdict, report.Tasks[0].Proven, report.Tasks[0].Tests, report.Tasks[0].ChangedLines));
        Assert.Contains("no verdict known", MarkdownMorning.Write(report), StringComparison.Ordinal);
    }

    [Fact]
    public void The_trend_is_of_the_last_thirty_nights_and_counts_held_and_skipped_as_neither()
    {
        var earlier = Enumerable.Range(1, 40).Select(i => Nights.Session(i, Nights.Task(1, i % 2 == 0 ? TaskOutcome.Landed : TaskOutcome.Failed))).Reverse()
            .Append(Nights.Session(99, Nights.Task(1, TaskOutcome.Failed))).ToList();
        var trend = MorningReport.Of(Nights.Session(41, Nights.Task(1, TaskOutcome.Landed), Nights.Task(2, TaskOutcome.Held), Nights.Task(3, TaskOutcome.Skipped)), earlier, Nights.Details, ReportSettings.Default).Trend;
        Assert.Equal(30, trend.Nights.Count);
        Assert.Equal(("NIGHT-12", "NIGHT-41"), (trend.Nights[0].Night, trend.Nights[^1].Night));
        Assert.Equal((1, 0, 1.0), (trend.Nights[^1].Landed, trend.Nights[^1].Failed, trend.Nights[^1].Rate));
        Assert.Equal(0.5333, trend.Overall);
        Assert.Equal(0.85, trend.Target);
    }

    [Fact]
    public void A_night_in_which_nothing_landed_or_failed_has_no_rate()
    {
        var trend = Of(Nights.Session(1, Nights.Task(1, TaskOutcome.Held))).Trend;
        Assert.Null(trend.Nights[0].Rate);
        Assert.Null(trend.Overall);
        Assert.Contains(", – % landed", MarkdownMorning.Write(Of(Nights.Session(1))), StringComparison.Ordinal);
    }

    [Fact]
    public void Productivity_is_an_estimate_with_its_formula_and_verbose_changes_save_nobody_more()
    {
        var settings = new ReportSettings { MinutesPerLine = 3, ReviewLinesPerMinute = 4 };
        var report = MorningReport.Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed), Nights.Task(2, TaskOutcome.Held), Nights.Task(3, TaskOutcome.Failed)), [], Nights.Details, settings);
        // 10 estimated of 14 changed; 14 landed and 15 held lines to read.
        Assert.Equal((10, 30, 29, 7.2, 4.2), (report.Productivity.HandLines, report.Productivity.HandMinutes, report.Productivity.ReviewLines, report.Productivity.ReviewMinutes, report.Productivity.Factor));
        Assert.Contains("10 lines × 3 min", report.Productivity.Formula, StringComparison.Ordinal);
        Assert.Contains("By hand about 30m, to review about 8m: 4.2 times.", MarkdownMorning.Write(report), StringComparison.Ordinal);
        Assert.Null(Of(Nights.Session(3)).Productivity.Factor);
    }

    [Fact]
    public void Diffs_findings_and_files_are_cut_and_the_cut_is_said()
    {
        var much = Nights.Details(new(1))! with
        {
            Diff = string.Concat(Enumerable.Range(0, 10_000).Select(i => $"+{i}\n")),
            Findings = [.. Enumerable.Range(0, 1000).Select(i => Nights.Details(new(1))!.Findings[0] with { Message = $"{i}" })],
            Files = [.. Enumerable.Range(0, 1000).Select(i => Nights.Details(new(1))!.Files[0] with { Path = $"{i}" })],
        };
        var report = MorningReport.Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed)), [], _ => much, new() { DiffLines = 5 });
        Assert.Equal((5, 9995, 20, 980, 100, 900), (report.Tasks[0].Diff!.Lines.Count, report.Tasks[0].Diff!.LinesLeftOut, report.Tasks[0].Findings.Count, report.Tasks[0].FindingsLeftOut, report.Tasks[0].Files.Count, report.Tasks[0].FilesLeftOut));
        foreach (var text in (string[])[MarkdownMorning.Write(report), HtmlMorning.Write(report)])
        {
            Assert.Contains("(9,995 lines more)", text, StringComparison.Ordinal);
            Assert.Contains("and 980 findings more", text, StringComparison.Ordinal);
            Assert.Contains("1,000 files", text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_json_names_its_schema_and_leaves_no_field_out()
    {
        using var json = JsonDocument.Parse(Of(Nights.Session(3, Nights.Task(1, TaskOutcome.Landed), Nights.Task(2, TaskOutcome.Skipped))).ToJson());
        Assert.Equal("tars/night-report/v1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal("NIGHT-3", json.RootElement.GetProperty("night").GetString());
        Assert.Equal(3600, json.RootElement.GetProperty("seconds").GetDouble());
        AssertFields<MorningReport>(json.RootElement);
        AssertFields<TaskReport>(json.RootElement.GetProperty("tasks")[1]);
        AssertFields<AttemptReport>(json.RootElement.GetProperty("tasks")[0].GetProperty("attempts")[0]);
        AssertFields<NightSums>(json.RootElement.GetProperty("sums"));
        AssertFields<NightRate>(json.RootElement.GetProperty("trend").GetProperty("nights")[0]);

        static void AssertFields<T>(JsonElement element)
        {
            foreach (var property in typeof(T).GetProperties())
                Assert.True(element.TryGetProperty(JsonNamingPolicy.CamelCase.ConvertName(property.Name), out _), property.Name);
        }
    }

    [Fact]
    public void The_files_are_written_as_the_settings_say_and_replace_earlier_ones()
    {
        var report = Of(Nights.Session(3));
        Assert.Equal(["NIGHT-3.md", "NIGHT-3.html", "NIGHT-3.json"], report.WriteTo(folder.File("a/b"), ReportSettings.Default).Select(Path.GetFileName));
        Assert.Equal([folder.File("c/NIGHT-3.json")], report.WriteTo(folder.File("a/b"), new() { Formats = [ReportFormat.Json], Folder = folder.File("c") }));
        report.WriteTo(folder.File("a/b"), ReportSettings.Default);
        Assert.Equal(3, Directory.GetFiles(folder.File("a/b")).Length);
    }

    [Theory]
    [InlineData("formats: [markdown, pdf]", "'pdf' is no format")]
    [InlineData("folder: reports", "no absolute path")]
    [InlineData("minutes-per-line: 0", "from 1 to 1000")]
    [InlineData("diff-line: 5", "Did you mean 'diff-lines'")]
    public void Settings_that_can_not_be_are_said(string yaml, string problem) =>
        Assert.Contains(problem, Yaml.Problems(yaml, ReportSettings.Read), StringComparison.Ordinal);

    [Fact]
    public void Settings_can_say_everything() => Assert.Equivalent(
        new ReportSettings { Formats = [ReportFormat.Html], Folder = "/reports", MinutesPerLine = 5, ReviewLinesPerMinute = 6, DiffLines = 0 },
        Yaml.Sound("formats: [html, html]\nfolder: /reports\nminutes-per-line: 5\nreview-lines-per-minute: 6\ndiff-lines: 0", ReportSettings.Read), strict: true);

    private static MorningReport Of(NightSession session) => MorningReport.Of(session, [], Nights.Details, ReportSettings.Default);
}
