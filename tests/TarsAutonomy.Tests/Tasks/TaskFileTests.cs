using System.Text;
using TarsAutonomy.Tasks;
using TarsEngine.Improvements;

namespace TarsAutonomy.Tests.Tasks;

public sealed class TaskFileTests
{
    private static ProposalResult Read(string text, string name = "a.yaml") => TaskFile.ReadAny(new MemoryStream(Encoding.UTF8.GetBytes(text)), name);

    [Fact]
    public void A_task_becomes_an_improvement_of_one_step()
    {
        var proposed = Assert.IsType<Proposed>(Read("# mine\nschema: tars/task/v1\ntask: |\n  Add a parser\n  for dates\nagent: codex\ndescription: Why\nalignment-score: 95\nestimated-lines: 10\ntests: tests/test_a.py\npriority: high\n"));
        var one = Assert.Single(proposed.Improvements);
        Assert.Equal(("Add a parser", "Why\nAlignment score: 95/100\nEstimated lines: 10\nTests defined: tests/test_a.py", ImprovementPriority.High, "task:a.yaml"), (one.Title, one.Description, one.Priority, one.Source));
        Assert.Equal(new AgentAction("Add a parser\nfor dates", "codex"), Assert.Single(one.Steps).Action);
    }

    [Fact]
    public void Several_tasks_stand_in_one_file() => Assert.Equal(
        ["A", "B"], Assert.IsType<Proposed>(Read("{\"schema\": \"tars/task/v1\", \"tasks\": [{\"task\": \"A\"}, {\"task\": \"B\", \"agent\": \"x\"}]}", "-")).Improvements.Select(i => i.Title));

    [Theory]
    [InlineData("task: ''")]
    [InlineData("task: A\nagent: 'a b'")]
    [InlineData("task: A\nagnt: x")]
    [InlineData("task: A\nalignment-score: 101")]
    [InlineData("title: A")]
    [InlineData("task: \"a\\u0007b\"")]
    public void A_task_that_can_not_be_meant_is_refused_with_its_line(string fields) =>
        Assert.All(Assert.IsType<ProposalRefused>(Read("schema: tars/task/v1\n" + fields)).Problems, p => Assert.InRange(p.Line, 1, 3));

    [Fact]
    public void Everything_else_is_read_as_it_was()
    {
        Assert.IsType<Proposed>(Read("schema: tars/improvement/v1\ntitle: A\nedits: [{create: a.txt, content: a}]\n"));
        Assert.IsType<Proposed>(Read("diff --git a/t.yaml b/t.yaml\nnew file mode 100644\n--- /dev/null\n+++ b/t.yaml\n@@ -0,0 +1 @@\n+schema: tars/task/v1\n", "-"));
        Assert.IsType<NothingProposed>(Read(" ", "-"));
    }

    [Fact]
    public void A_task_of_the_command_line_has_its_first_line_as_title()
    {
        var one = Assert.Single(Assert.IsType<Proposed>(TaskFile.Of("Add it\nand more", null, "manual")).Improvements);
        Assert.Equal(("Add it", new AgentAction("Add it\nand more", null)), (one.Title, one.Steps[0].Action));
        Assert.IsType<ProposalRefused>(TaskFile.Of(" ", null, "manual"));
    }
}
