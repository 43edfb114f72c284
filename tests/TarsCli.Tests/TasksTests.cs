using System.CommandLine;
using System.Text;
using System.Text.Json;
using TarsCli.Commands;
using TarsCli.Output;

namespace TarsCli.Tests;

/// <summary>'tasks' and 'autonomous init' as people and programs use them.</summary>
public sealed class TasksTests : IDisposable
{
    private const string Plan = "docs/notes/PROJECT_PLAN.md";

    private const string Text =
        """
        ### Ready for Autonomous Execution ✅

        → **[task_3]** Add User model
          - Alignment score: 95/100
          - Estimated lines: 10
          - Tests defined: ✅ Yes (tests/test_models.py)
          - Status: READY

        - **[task_8]** Add everything
          - Alignment score: 75/100
          - Estimated lines: 45
          - Tests defined: Yes
          - Colour: green

        ### Pending Approval ⏳

        - **[task_4]** Implement login endpoint
          - Alignment score: 88/100
          - Estimated lines: 25
          - Tests defined: ✅ Yes (tests/test_login.py)
          - Safety check: ⚠️ Touches authentication (needs review)
          - Status: PENDING

        """;

    private readonly CliFolder cli = new();

    public TasksTests()
    {
        cli.Write(Plan, Text);
        cli.Commit();
    }

    public void Dispose() => cli.Dispose();

    [Fact]
    public void The_list_says_which_tasks_are_safe_and_what_is_wrong_with_the_plan()
    {
        var list = cli.Expect(0, "tasks", "list");
        Assert.Matches(@"task_3 +ready +95 +10 +yes +READY +safe +Add User model", list.Answer);
        Assert.Matches(@"task_8 .* constraints/alignment and 1 more", list.Answer);
        Assert.Contains($"{Plan}:13:1: 'Colour' of 'task_8' has no effect here.", list.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain("differs", list.Talk, StringComparison.Ordinal);
        Assert.Contains("Touches authentication", cli.Expect(0, "tasks", "show", "task_4").Answer, StringComparison.Ordinal);
        var json = JsonDocument.Parse(cli.Expect(0, "tasks", "list", "--format", "json").Answer).RootElement;
        Assert.Equal(("tars/tasks/v1", true, 3), (json.GetProperty("schema").GetString(), json.GetProperty("committed").GetBoolean(), json.GetProperty("tasks").GetArrayLength()));
    }

    [Fact]
    public void A_check_answers_with_the_seeds_words_and_an_exit_code()
    {
        Assert.Contains("safe: an agent may do it", cli.Expect(0, "tasks", "check", "task_3").Answer, StringComparison.Ordinal);
        var refused = JsonDocument.Parse(cli.Expect(5, "tasks", "check", "task_8", "--format", "json").Answer).RootElement;
        Assert.Equal(("tars/task-check/v1", false, false), (refused.GetProperty("schema").GetString(), refused.GetProperty("safe_for_autonomous").GetBoolean(), refused.GetProperty("can_proceed").GetBoolean()));
        Assert.Equal(
            [("HIGH", "Alignment score too low: 75", "constraints/alignment", true), ("HIGH", "Task too large: 45 lines", "constraints/lines", true)],
            refused.GetProperty("violations").EnumerateArray().Select(v => (v.GetProperty("severity").GetString()!, v.GetProperty("violation").GetString()!, v.GetProperty("rule").GetString()!, v.GetProperty("blocked").GetBoolean())));
        var files = cli.Expect(5, "tasks", "check", "task_3", "--files", "src/a.py", ".env").Answer;
        Assert.Contains("Modifying .env file", files, StringComparison.Ordinal);
        Assert.DoesNotContain("src/a.py", files, StringComparison.Ordinal);
        cli.Expect(8, "tasks", "check", "task_3", "--files", "src/auth.py");
        Assert.Equal(2, JsonDocument.Parse(cli.Expect(5, "tasks", "check", "--format", "json").Answer).RootElement.GetProperty("tasks").GetArrayLength());
        Assert.Contains("Did you mean 'task_3'?", cli.Expect(3, "tasks", "check", "task_33").Talk, StringComparison.Ordinal);
    }

    [Fact]
    public void An_approval_is_one_command_that_changes_the_plan_alone_and_can_be_taken_back()
    {
        cli.Write("mine.txt", "not committed\n");
        var approved = cli.Expect(0, "tasks", "approve", "task_4");
        Assert.Contains("task_4 is approved.\nsafe", approved.Answer, StringComparison.Ordinal);
        Assert.Matches(@"  - Status: READY\n  - Approved: \d{4}-\d\d-\d\d \d\d:\d\d by Tess Ter <tess@example.invalid>\n\n### Pending", cli.Read(Plan));
        Assert.Equal($" M {Plan}\n?? mine.txt", cli.Git("status", "--porcelain"));
        Assert.Contains("differs from the last commit", cli.Expect(0, "tasks", "check", "task_4").Talk, StringComparison.Ordinal);
        cli.Expect(4, "tasks", "approve", "task_4");
        cli.Expect(0, "execute", "rollback", "--context-id", "CTX-1", "--all");
        Assert.Equal(Text, cli.Read(Plan));
        cli.Expect(0, "audit", "verify");
    }

    [Fact]
    public async Task Init_writes_what_is_missing_and_keeps_what_is_there()
    {
        var (answer, _) = await InitAsync();
        Assert.Equal($"Kept: {Plan}\nWritten: docs/autonomous-constraints.md\n", answer);
        Assert.Equal(Text, cli.Read(Plan));
        Assert.Contains("## Requires Human Approval".TrimStart('#', ' '), cli.Read("docs/autonomous-constraints.md"), StringComparison.Ordinal);
        File.Delete(cli.File(Plan));
        Assert.Equal($"Kept: docs/autonomous-constraints.md\nWritten: {Plan}\n", (await InitAsync()).Answer);
        Assert.Contains("no tasks yet", cli.Expect(0, "tasks", "list").Talk, StringComparison.Ordinal);
        Assert.Contains("both are there", (await InitAsync()).Talk, StringComparison.Ordinal);
    }

    // The command by itself, whatever its parent is.
    private async Task<(string Answer, string Talk)> InitAsync()
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var variables = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Environment.GetEnvironmentVariable("PATH")! };
        var composition = new CompositionRoot(variables, cli.Home, "tester", new Terminal(output, error, false, false, false, 100));
        var root = new RootCommand { Options.Folder, Options.Config, Options.Color, AutonomousInitCommand.Create(composition) };
        Assert.Equal(0, await root.Parse(["init", "-C", cli.Codebase]).InvokeAsync());
        return (Encoding.UTF8.GetString(output.ToArray()), Encoding.UTF8.GetString(error.ToArray()));
    }
}
