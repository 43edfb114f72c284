using System.Text.Json;

namespace TarsCli.Tests;

/// <summary>The workflows of the user guide, typed line by line, and what people meet on the way. A codebase of text keeps them short.</summary>
public sealed class WorkflowTests : IDisposable
{
    private readonly CliFolder folder = new();

    public WorkflowTests()
    {
        folder.Configure("allow: { unproven: true }\n");
        folder.Write("a.txt", "one\ntwo\n");
        folder.Commit();
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("Basic workflow", 1)]
    [InlineData("Cautious workflow", 1)]
    [InlineData("Batch workflow", 3)]
    public void A_workflow_of_the_user_guide_works_as_it_is_written(string title, int landed)
    {
        for (var i = 1; i <= landed; i++) folder.Add($"n{i}.txt", $"{i}\n");
        foreach (var line in GuideLines(title)) folder.Expect(0, line.Split(' ')[1..]);
        for (var i = 1; i <= landed; i++) Assert.Equal($"{i}\n", folder.Read($"n{i}.txt"));
        folder.Expect(0, "audit", "verify");
    }

    [Fact]
    public void In_a_batch_two_changes_that_are_green_alone_and_red_together_do_not_both_land()
    {
        folder.Configure("checks: [{ name: not-both, run: [sh, -c, '! { [ -e n1.txt ] && [ -e n2.txt ]; }'] }]\n");
        folder.Add("n1.txt", "1\n");
        folder.Add("n2.txt", "2\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--validate", "--auto-rollback");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-2", "--validate", "--auto-rollback");
        folder.Expect(0, "execute", "review", "--context-id", "CTX-1", "--approve");
        var second = folder.Expect(1, "execute", "review", "--context-id", "CTX-2", "--approve");
        Assert.Contains("Validation failed: CTX-2", second.Talk, StringComparison.Ordinal);
        Assert.True(File.Exists(folder.File("n1.txt")));
        Assert.False(File.Exists(folder.File("n2.txt")));
    }

    [Fact]
    public void A_review_shows_the_diff_and_a_rejection_leaves_no_trace()
    {
        folder.Add("n.txt", "n\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1");
        var review = folder.Expect(0, "execute", "review", "--context-id", "CTX-1").Answer;
        Assert.Contains("+++ b/n.txt\n@@ -0,0 +1 @@\n+n\n", review, StringComparison.Ordinal);
        folder.Expect(0, "execute", "review", "--context-id", "CTX-1", "--reject", "--comment", "Not now");
        Assert.Equal("", folder.Git("status", "--porcelain"));
        var report = Json(folder.Expect(0, "execute", "status", "--context-id", "CTX-1", "--format", "json"));
        Assert.Equal("rejected", report.GetProperty("state").GetString());
        var decision = report.GetProperty("reviews")[0];
        Assert.Equal("Tess Ter <tess@example.invalid>", decision.GetProperty("reviewer").GetString());
        Assert.Equal("Not now", decision.GetProperty("comment").GetString());
    }

    [Fact]
    public void A_dry_run_can_be_reviewed_not_approved_and_leaves_the_improvement_executable()
    {
        folder.Add("n.txt", "n\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--dry-run");
        Assert.Contains("+n", folder.Expect(0, "execute", "review", "--context-id", "CTX-1").Answer, StringComparison.Ordinal);
        Assert.Contains("can't be approved", folder.Expect(4, "execute", "review", "--context-id", "CTX-1", "--approve").Talk, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("n.txt")));
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--dry-run=false", "--approve-when-valid");
        Assert.True(File.Exists(folder.File("n.txt")));
    }

    [Fact]
    public void Reports_are_written_into_the_output_folder_and_follow_the_approval()
    {
        folder.Add("n.txt", "n\n");
        var output = Path.Combine(folder.Home, "results");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--output-dir", output);
        Assert.Equal(["CTX-1.diff", "CTX-1.json", "CTX-1.md"], Directory.GetFiles(output).Select(f => Path.GetFileName(f)).Order().ToArray());
        folder.Expect(0, "execute", "review", "--context-id", "CTX-1", "--approve");
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(output, "CTX-1.json")));
        Assert.Equal("landed", report.RootElement.GetProperty("state").GetString());
        Assert.Equal("n.txt", report.RootElement.GetProperty("files")[0].GetProperty("path").GetString());
    }

    [Fact]
    public void What_is_asked_for_and_is_not_there_ends_with_3_and_says_how_to_go_on()
    {
        Assert.Contains("Improvement not found: IMP-99", folder.Expect(3, "execute", "improvement", "--id", "IMP-99").Talk, StringComparison.Ordinal);
        folder.Expect(3, "improve", "show", "IMP-99");
        folder.Expect(3, "improve", "remove", "IMP-99");
        foreach (var command in (string[])["monitor", "status", "review", "cancel"])
            Assert.Contains("Execution context not found: CTX-99", folder.Expect(3, "execute", command, "--context-id", "CTX-99").Talk, StringComparison.Ordinal);
        folder.Expect(3, "execute", "review", "--context-id", "CTX-99", "--approve");
        folder.Expect(3, "execute", "rollback", "--context-id", "CTX-99", "--all");
    }

    [Fact]
    public void Json_carries_a_schema_with_a_version_and_nothing_but_json()
    {
        folder.Add("n.txt", "n\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1");
        Assert.Equal("tars/improvements/v1", Schema("improve", "list", "--format", "json"));
        Assert.Equal("tars/improvements/v1", Schema("improve", "show", "IMP-1", "--format", "json"));
        Assert.Equal("tars/status/v1", Schema("execute", "status", "--format", "json"));
        Assert.Equal("tars/execution-report/v1", Schema("execute", "status", "--context-id", "CTX-1", "--format", "json"));
        Assert.Equal("tars/execution-report/v1", Schema("execute", "review", "--context-id", "CTX-1", "--format", "json"));
        Assert.Equal("tars/audit/v1", Schema("audit", "list", "--format", "json"));
        foreach (var line in folder.Expect(0, "audit", "export").Answer.TrimEnd('\n').Split('\n')) JsonDocument.Parse(line).Dispose();

        string? Schema(params string[] arguments) => Json(folder.Expect(0, arguments)).GetProperty("schema").GetString();
    }

    [Fact]
    public void A_rollback_keeps_later_edits_unless_it_is_forced()
    {
        folder.Add("n.txt", "n\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        folder.Write("n.txt", "mine\n");
        var refused = folder.Expect(4, "execute", "rollback", "--context-id", "CTX-1", "--all");
        Assert.Contains("Rollback failed: ", refused.Talk, StringComparison.Ordinal);
        Assert.Equal("mine\n", folder.Read("n.txt"));
        var forced = folder.Expect(0, "execute", "rollback", "--context-id", "CTX-1", "--all", "--force");
        Assert.Contains("kept in the object store", forced.Talk, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("n.txt")));
        Assert.Contains("Nothing to roll back", folder.Expect(0, "execute", "rollback", "--context-id", "CTX-1", "--all").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_rolled_back_from_a_subfolder_by_either_way_to_name_it()
    {
        folder.Write("sub/x.txt", "x\n");
        folder.Write("more.yaml", "schema: tars/improvement/v1\ntitle: Two\nedits:\n  - replace: sub/x.txt\n    content: changed\n  - create: sub/y.txt\n    content: y\n");
        folder.Expect(0, "improve", "add", "more.yaml");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        var sub = folder.File("sub");
        Assert.Equal(0, (await folder.RunAsync(sub, null, "execute", "rollback", "--context-id", "CTX-1", "--file-path", "./x.txt")).Code);
        Assert.Equal(0, (await folder.RunAsync(folder.Home, null, "-C", sub, "execute", "rollback", "--context-id", "CTX-1", "--file-path", "sub/y.txt")).Code);
        Assert.Equal("x\n", folder.Read("sub/x.txt"));
        Assert.False(File.Exists(folder.File("sub/y.txt")));
    }

    [Fact]
    public void A_patch_from_standard_input_becomes_an_improvement()
    {
        folder.Write("a.txt", "one\n2\n");
        var patch = folder.Git("diff", "--binary") + "\n";
        folder.Write("a.txt", "one\ntwo\n");
        var added = folder.RunWithInput(patch, "improve", "add", "-", "--title", "Write two as a figure", "--priority", "high");
        Assert.Equal((0, "IMP-1  Write two as a figure\n"), (added.Code, added.Answer));
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        Assert.Equal("one\n2\n", folder.Read("a.txt"));
    }

    [Fact]
    public void Commits_become_improvements()
    {
        folder.Write("a.txt", "one\ntwo\nthree\n");
        folder.Commit("Say three");
        folder.Git("reset", "-q", "--hard", "HEAD~1");
        Assert.Contains("IMP-1  Say three", folder.Expect(0, "improve", "import", "--git", "HEAD..HEAD@{1}").Answer, StringComparison.Ordinal);
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--approve-when-valid");
        Assert.Equal("one\ntwo\nthree\n", folder.Read("a.txt"));
    }

    [Fact]
    public void Attack_a_patch_that_leaves_the_codebase_is_denied_and_recorded()
    {
        const string patch = "diff --git a/../out.txt b/../out.txt\nnew file mode 100644\n--- /dev/null\n+++ b/../out.txt\n@@ -0,0 +1 @@\n+x\n";
        Assert.Equal(5, folder.RunWithInput(patch, "improve", "add", "-").Code);
        Assert.False(File.Exists(Path.Combine(folder.Home, "out.txt")));
        Assert.Contains("\"denied\"", folder.Expect(0, "audit", "list", "--format", "json").Answer, StringComparison.Ordinal);
        folder.Write("bad.yaml", "schema: tars/improvement/v1\ntitel: x\n");
        Assert.Contains("Did you mean 'title'?", folder.Expect(2, "improve", "add", "bad.yaml").Talk, StringComparison.Ordinal);
        folder.Expect(2, "improve", "add", "absent.patch");
    }

    [Fact]
    public void Switching_checks_or_backups_off_needs_the_users_own_configuration()
    {
        folder.Add("n.txt", "n\n");
        Assert.Contains("Denied by policy", folder.Expect(5, "execute", "improvement", "--id", "IMP-1", "--validate=false").Talk, StringComparison.Ordinal);
        folder.Expect(5, "execute", "improvement", "--id", "IMP-1", "--backup", "false");
        var own = Path.Combine(folder.Home, "own.yaml");
        File.WriteAllText(own, "allow: { without-backup: true, unproven: true }\n");
        folder.Expect(0, "execute", "improvement", "--id", "IMP-1", "--backup=false", "--approve-when-valid", "--config", own);
        var refused = folder.Expect(1, "execute", "rollback", "--context-id", "CTX-1", "--all");
        Assert.Contains("Rollback failed: TX-1 landed without backup", refused.Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_not_there_or_can_not_be_read_ends_with_2()
    {
        folder.Expect(2, "improve", "list", "--config", "absent.yaml");
        folder.Configure("allow: { unproofen: true }\n");
        Assert.Contains("unproofen", folder.Expect(2, "improve", "list").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void Colours_appear_only_when_asked_for_where_there_is_no_terminal()
    {
        folder.Add("n.txt", "n\n");
        Assert.DoesNotContain('\u001b', folder.Expect(0, "improve", "list").Answer);
        Assert.Contains("\u001b[", folder.Expect(0, "improve", "list", "--color", "always").Answer, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', folder.Expect(0, "improve", "list", "--color", "never").Answer);
    }

    private static IEnumerable<string> GuideLines(string title) =>
        File.ReadAllText(Repository.In("docs", "user-guide.md")).Split($"### {title}\n")[1].Split("```bash\n")[1].Split("```")[0]
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static JsonElement Json(CliResult result)
    {
        using var document = JsonDocument.Parse(result.Answer);
        return document.RootElement.Clone();
    }
}
