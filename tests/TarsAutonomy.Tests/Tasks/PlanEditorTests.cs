using System.Text;
using FsCheck;
using FsCheck.Fluent;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Tests.Tasks;

public sealed class PlanEditorTests
{
    private static readonly DateTimeOffset When = new(2025, 10, 30, 2, 15, 0, TimeSpan.Zero);

    private static byte[] Bytes(PlanEdit edit) => Assert.IsType<PlanEdited>(edit).Bytes;

    private static string Text(PlanEdit edit) => Encoding.UTF8.GetString(Bytes(edit));

    [Fact]
    public void Done_changes_the_status_and_no_other_byte() => Assert.Equal(
        Plans.Seed.Replace("check: ✅ No dependencies, no DB changes\n  - Status: READY", "check: ✅ No dependencies, no DB changes\n  - Status: DONE (2025-10-30 02:15 by tarscli)", StringComparison.Ordinal),
        Text(TaskPlanEditor.MarkDone(Plans.Bytes(Plans.Seed), "task_3", When, "tarscli")));

    [Fact]
    public void Failed_says_when_and_why_on_one_line()
    {
        var plan = Text(TaskPlanEditor.MarkFailed(Plans.Bytes(Plans.Seed), "task_5", When, "Quality gate failed:\n\tlint <!-- --> \u001b[31m"));
        Assert.Contains("\n  - Status: FAILED (2025-10-30 02:15: Quality gate failed: lint <! -- -- > [31m)\n  - Auto-approved: 2025-10-29 10:15\n", plan, StringComparison.Ordinal);
        Assert.Equal("FAILED", Plans.Read(plan).Find("task_5")!.Status);
    }

    [Theory]
    [InlineData("- **Status:** READY  \n", "- **Status:** DONE (2025-10-30 02:15)  \n")]
    [InlineData("- status:READY\n", "- status: DONE (2025-10-30 02:15)\n")]
    [InlineData("- Status:\n", "- Status: DONE (2025-10-30 02:15)\n")]
    [InlineData("-\tState: ✅ READY <!-- by hand -->\t\n", "-\tState: DONE (2025-10-30 02:15) <!-- by hand -->\t\n")]
    public void What_stands_around_a_status_stays(string line, string expected) => Assert.Equal(
        Plans.Ready("- [t] A\n  " + expected), Text(TaskPlanEditor.MarkDone(Plans.Bytes(Plans.Ready("- [t] A\n  " + line)), "t", When, null)));

    [Theory]
    [InlineData("- [t] A\n", "- [t] A\n  - Status: DONE (2025-10-30 02:15)\n")]
    [InlineData("- [t] A\r\n    * Score: 95\r\n\r\n- [u] B\r\n", "- [t] A\r\n    * Score: 95\r\n    * Status: DONE (2025-10-30 02:15)\r\n\r\n- [u] B\r\n")]
    [InlineData("\t→ [t] A\n\t\tmore of it\n", "\t→ [t] A\n\t\tmore of it\n\t  - Status: DONE (2025-10-30 02:15)\n")]
    [InlineData("- [t] A\n  - Score: 95", "- [t] A\n  - Score: 95\n  - Status: DONE (2025-10-30 02:15)")]
    public void A_status_that_is_not_there_is_added_as_its_neighbours_are_written(string before, string after)
    {
        const string heading = "## Ready for autonomous execution\n\n";
        Assert.Equal(heading + after, Text(TaskPlanEditor.MarkDone(Plans.Bytes(heading + before), "t", When, null)));
    }

    [Fact]
    public void Approved_it_stands_at_the_end_of_the_ready_ones()
    {
        var plan = Text(TaskPlanEditor.Approve(Plans.Bytes(Plans.Seed), "task_4", When, "Ann Ex"));
        const string block = "- **[task_4]** Implement login endpoint\n  - Alignment score: 88/100\n  - Estimated lines: 25\n  - Tests defined: ⏳ Needs definition\n  - Safety check: ⚠️ Touches authentication (needs review)\n  - Status: ";
        Assert.Equal(
            Replaced(Replaced(Plans.Seed, block + "PENDING\n\n", ""), "10:15\n\n", "10:15\n\n" + block + "READY\n  - Approved: 2025-10-30 02:15 by Ann Ex\n\n"), plan);
        var task = Plans.Read(plan).Find("task_4")!;
        Assert.Equal((TaskSection.Ready, "READY", true), (task.Section, task.Status, task.IsApprovedByPerson));
    }

    [Fact]
    public void A_failed_task_is_approved_again_where_it_stands()
    {
        var failed = Bytes(TaskPlanEditor.MarkFailed(Plans.Bytes(Plans.Seed), "task_3", When, "red"));
        var again = Text(TaskPlanEditor.Approve(failed, "task_3", When, "Ann"));
        Assert.Contains("  - Status: READY\n  - Approved: 2025-10-30 02:15 by Ann\n  - Auto-approved: 2025-10-29 10:00\n", again, StringComparison.Ordinal);
        Assert.Contains("ready already", Assert.IsType<PlanNotEdited>(TaskPlanEditor.Approve(Plans.Bytes(again), "task_3", When, "Ann")).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void Into_a_ready_section_without_tasks_it_goes_behind_its_words()
    {
        const string plan = "### Ready for Autonomous Execution\n\nThese are safe:\n\n### Pending Approval\n- [t] A\n  - Status: PENDING";
        Assert.Equal(
            "### Ready for Autonomous Execution\n\nThese are safe:\n\n- [t] A\n  - Status: READY\n  - Approved: 2025-10-30 02:15 by Ann\n\n### Pending Approval\n",
            Text(TaskPlanEditor.Approve(Plans.Bytes(plan), "t", When, "Ann")));
    }

    [Theory]
    [InlineData("task_6", "stands under 'Not Ready'")]
    [InlineData("task_9", "has no task 'task_9'. Did you mean 'task_3'?")]
    public void What_can_not_be_approved_is_said_why(string id, string why) =>
        Assert.Contains(why, Assert.IsType<PlanNotEdited>(TaskPlanEditor.Approve(Plans.Bytes(Plans.Seed), id, When, "Ann")).Why, StringComparison.Ordinal);

    [Fact]
    public void Two_tasks_with_one_id_are_not_told_apart() => Assert.Contains(
        "2 times", Assert.IsType<PlanNotEdited>(TaskPlanEditor.MarkDone(Plans.Bytes(Plans.Ready("- [t] A\n- [t] B")), "t", When, null)).Why, StringComparison.Ordinal);

    [Fact]
    public void Attack_an_open_comment_behind_a_status_can_not_swallow_the_next_task()
    {
        var plan = Plans.Ready("- [t] A\n  - Status: READY <!-- open\n  -->\n- [u] B\n");
        Assert.Contains("<!-- open\n  -->\n- [u] B\n", Text(TaskPlanEditor.MarkDone(Plans.Bytes(plan), "t", When, null)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("utf-8-bom")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("latin1")]
    public void The_encoding_stays(string name)
    {
        var (encoding, mark) = name switch
        {
            "utf-8-bom" => (Encoding.UTF8, Encoding.UTF8.GetPreamble()),
            "latin1" => (Encoding.Latin1, []),
            _ => (Encoding.GetEncoding(name), Encoding.GetEncoding(name).GetPreamble()),
        };
        var plan = Plans.Ready("- [t] Prüfe es\n  - Status: READY");
        var done = Bytes(TaskPlanEditor.MarkDone([.. mark, .. encoding.GetBytes(plan)], "t", When, "Änne"));
        var expected = plan.Replace("READY", name == "latin1" ? "DONE (2025-10-30 02:15 by ?nne)" : "DONE (2025-10-30 02:15 by Änne)", StringComparison.Ordinal);
        Assert.Equal([.. mark, .. encoding.GetBytes(expected)], done);
    }

    // Plans of random tasks with random fields, blank lines, indentation, line ends and things between them.
    private static readonly Gen<string> Field = Gen.Elements("- Alignment score: 95/100", "- Estimated lines: 10", "* Tests defined: ✅ Yes", "- Status: READY  ", "- status: ⏳ PENDING", "- Status: DONE <!-- x -->", "- Approved: 2025-01-01 by Z", "- Priority: high", "going on", "- **Status:** FAILED", "```\n  - [q] no task\n  ```", "<!-- aside -->");

    private static readonly Gen<string> Task =
        from bullet in Gen.Elements("→ ", "- ", "* ", "1. ")
        from bold in Gen.Elements(true, false)
        from words in Gen.Elements("Add it", "Prüfe: dies", "A [b] c", "x `<y>`", "done?  ")
        from indent in Gen.Elements("  ", "    ", "\t")
        from fields in Gen.ListOf(Field)
        from blank in Gen.Elements("", "\n", "\n \n", "\n---\n")
        select $"{bullet}{(bold ? "**[ID]**" : "[ID]")} {words}\n{string.Concat(fields.Take(5).Select(f => indent + f + "\n"))}{blank}";

    private static readonly Gen<(string Plan, int Tasks)> RandomPlans =
        from counts in Gen.ArrayOf(Gen.Choose(0, 3), 3)
        from tasks in Gen.ArrayOf(Task, counts.Sum())
        from words in Gen.Elements("", "These tasks wait:\n\n", "\n", "```\n- **[z]** template\n```\n")
        from order in Gen.Elements("012", "210", "102")
        from end in Gen.Elements("\n", "\r\n")
        from cut in Gen.Elements(true, false)
        select (Put(counts, tasks, words, order, end, cut), counts.Sum());

    private static string Put(int[] counts, string[] tasks, string words, string order, string end, bool cut)
    {
        string[] names = ["## Ready for Autonomous Execution", "### Pending Approval ⏳", "### Not Ready"];
        var (plan, next) = (new StringBuilder("# Plan\n\n"), 0);
        foreach (var section in order.Select(c => c - '0'))
        {
            plan.Append(names[section]).Append('\n').Append(words);
            for (var i = 0; i < counts[section]; i++) plan.Append(tasks[next].Replace("ID", $"task_{next++}", StringComparison.Ordinal));
        }
        var text = plan.ToString().Replace("\n", end, StringComparison.Ordinal);
        return cut ? text.TrimEnd() : text;
    }

    [Fact]
    public void Property_marking_changes_no_line_of_anybody_else_and_no_other_task() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(RandomPlans.ToArbitrary(), given =>
    {
        var (text, count) = given;
        var plan = Plans.Bytes(text);
        var before = TaskPlan.Read(plan).Tasks;
        Assert.Equal(count, before.Count);
        foreach (var task in before)
        {
            var after = Bytes(TaskPlanEditor.MarkDone(plan, task.Id, When, "T"));
            var read = TaskPlan.Read(after).Tasks;
            Assert.Equal("DONE", read.Single(t => t.Id == task.Id).Status);
            Assert.Equal(Others(before, task.Id), Others(read, task.Id));
            OneLineOf(text, Encoding.UTF8.GetString(after));
        }
    }));

    [Fact]
    public void Property_approving_moves_one_task_and_keeps_every_other_line_in_order() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(1500), Prop.ForAll(RandomPlans.ToArbitrary(), given =>
    {
        var (text, _) = given;
        var plan = Plans.Bytes(text);
        var before = TaskPlan.Read(plan).Tasks;
        foreach (var task in before.Where(t => t.Section == TaskSection.Pending))
        {
            var after = Bytes(TaskPlanEditor.Approve(plan, task.Id, When, "Ann"));
            var read = TaskPlan.Read(after);
            Assert.Equal((TaskSection.Ready, "READY"), (read.Find(task.Id)!.Section, read.Find(task.Id)!.Status));
            Assert.Equal(Others(before, task.Id), Others(read.Tasks, task.Id));
            // Of every kind of line as many as before, but for what was said anew: nothing is lost.
            var lost = Lines(text).ToList();
            foreach (var line in Lines(Encoding.UTF8.GetString(after))) lost.Remove(line);
            Assert.All(lost, line => Assert.Matches("(?i)status|approved|going on", line));
        }
    }));

    private static IEnumerable<string> Lines(string text) => text.ReplaceLineEndings("\n").Split('\n').Where(l => l.Trim().Length > 0);

    private static List<PlannedTask> Others(IEnumerable<PlannedTask> tasks, string id) => [.. tasks.Where(t => t.Id != id).Select(t => t with { Line = 0 }).OrderBy(t => t.Id, StringComparer.Ordinal)];

    // Either one line was changed, or one was added; a last line without end may have got one then.
    private static void OneLineOf(string before, string after)
    {
        string[] old = before.Split('\n'), now = after.Split('\n');
        if (old.Length == now.Length)
        {
            Assert.Single(Enumerable.Range(0, old.Length), i => old[i] != now[i]);
            return;
        }
        Assert.Equal(old.Length + 1, now.Length);
        var at = Enumerable.Range(0, old.Length).TakeWhile(i => old[i] == now[i] || old[i] + "\r" == now[i]).Count();
        Assert.Contains("Status: DONE", now[at], StringComparison.Ordinal);
        Assert.Equal(old[at..], now[(at + 1)..]);
    }

    private static string Replaced(string text, string old, string now)
    {
        Assert.Contains(old, text, StringComparison.Ordinal);
        return text.Replace(old, now, StringComparison.Ordinal);
    }
}
