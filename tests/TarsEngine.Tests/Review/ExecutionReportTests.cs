using System.Text.Json;
using TarsEngine.Review;

namespace TarsEngine.Tests.Review;

public sealed class ExecutionReportTests
{
    private static readonly ExecutionReport Report = new()
    {
        Id = "CTX-7",
        Improvement = "IMP-12",
        Title = "Greet <b>everybody</b> | `now`",
        State = "awaiting-review",
        AtRest = true,
        Created = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        Updated = new(2026, 1, 2, 3, 4, 6, TimeSpan.Zero),
        StepsDone = 1,
        StepsTotal = 1,
        Verdict = "pass",
        Proven = true,
        Tests = new(3, 2, 0, 1),
        Files = [new("a|b", "modified", null, new("file", "0644", 1, "00"), new("file", "0644", 2, "11"), 1, 0, false)],
        Findings = [new("Warning", "quality/x", "A \u001b[31mred\nherring", "a|b", 3, null)],
        Reviews = [new("approved", "Ada", "fine", new(2026, 1, 2, 3, 5, 0, TimeSpan.Zero))],
        Diff = "--- a\n+++ b\n+```\n",
    };

    [Fact]
    public void The_json_names_its_schema_and_leaves_no_field_out()
    {
        using var json = JsonDocument.Parse(Report.ToJson());
        Assert.Equal("tars/execution-report/v1", json.RootElement.GetProperty("schema").GetString());
        Assert.Equal("CTX-7", json.RootElement.GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("error").ValueKind);
        Assert.Equal(2, json.RootElement.GetProperty("tests").GetProperty("passed").GetInt32());
        foreach (var property in typeof(ExecutionReport).GetProperties())
            Assert.True(json.RootElement.TryGetProperty(JsonNamingPolicy.CamelCase.ConvertName(property.Name), out _), property.Name);
    }

    [Fact]
    public void Attack_foreign_text_stays_text_in_markdown()
    {
        var text = MarkdownReport.Write(Report);
        Assert.Contains(@"Greet \<b\>everybody\</b\> \| \`now\`", text, StringComparison.Ordinal);
        Assert.Contains(@"a\|b:3: A \\u001b\[31mred herring", text, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', text);
    }

    [Fact]
    public void Attack_a_diff_can_not_close_its_own_fence() =>
        Assert.Contains("````diff\n--- a\n+++ b\n+```\n````\n", MarkdownReport.Write(Report), StringComparison.Ordinal);

    [Fact]
    public void The_files_are_written_into_a_folder_that_is_made_and_replace_earlier_ones()
    {
        using var folder = new TempFolder();
        var target = Path.Combine(folder.Path, "out", "reports");
        (Report with { State = "failed" }).WriteTo(target);
        var written = Report.WriteTo(target);
        Assert.Equal(["CTX-7.json", "CTX-7.md", "CTX-7.diff"], written.Select(p => Path.GetFileName(p)).ToArray());
        Assert.Equal(3, Directory.GetFiles(target).Length);
        Assert.Contains("awaiting-review", File.ReadAllText(written[0]), StringComparison.Ordinal);
    }
}
