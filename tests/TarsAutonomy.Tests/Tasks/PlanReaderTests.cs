using System.Diagnostics;
using System.Text;
using TarsAutonomy.Tasks;

namespace TarsAutonomy.Tests.Tasks;

public sealed class PlanReaderTests
{
    [Fact]
    public void The_plan_of_the_seed_is_read_whole()
    {
        var plan = Plans.Read(Plans.Seed);
        Assert.Empty(plan.Problems);
        Assert.Equal(["task_3", "task_5", "task_4", "task_6", "task_7"], plan.Tasks.Select(t => t.Id));
        var first = plan.Tasks[0];
        Assert.Equal(("Add User model with email and password fields", TaskSection.Ready, 95, 10, TestsDefined.Yes, "READY", 6),
            (first.Description, first.Section, first.AlignmentScore, first.EstimatedLines, first.Tests, first.Status, first.Line));
        Assert.Equal(("✅ Yes (tests/unit/test_models.py)", "2025-10-29 10:00", false, false), (first.TestsNote, first.Approved, first.IsApprovedByPerson, first.SafetyNeedsReview));
        var pending = plan.Find("task_4")!;
        Assert.Equal((TaskSection.Pending, TestsDefined.No, "PENDING", true), (pending.Section, pending.Tests, pending.Status, pending.SafetyNeedsReview));
        var never = plan.Find("task_6")!;
        Assert.Equal((TaskSection.NotReady, null, null, "Requires user input and architectural decisions", "max mode for planning"), (never.Section, never.AlignmentScore, never.Status, never.Reason, never.Use));
        Assert.Equal(["task_3", "task_5"], plan.Ready.Select(t => t.Id));
    }

    // The bytes of UTF-8 as three encodings show them; the seed itself came so.
    [Theory]
    [InlineData(10000)]
    [InlineData(1252)]
    [InlineData(28591)]
    public void A_plan_whose_encoding_an_editor_broke_means_the_same(int page)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(page) ?? Encoding.GetEncoding(page);
        var broken = encoding.GetString(Encoding.UTF8.GetBytes(Plans.Seed));
        Assert.NotEqual(Plans.Seed, broken);
        Assert.Equal(Plans.Read(Plans.Seed).Tasks, Plans.Read(broken).Tasks);
    }

    [Fact]
    public void The_seeds_own_mojibake_is_read()
    {
        var plan = Plans.Read("### Ready for Autonomous Execution ‚úÖ\n\n‚Üí **[task_3]** Add a model\n  - Alignment score: 95/100\n  - Estimated lines: ‚â§10\n  - Tests defined: ‚úÖ Yes\n  - Safety check: ‚ö†Ô∏è look\n");
        Assert.Empty(plan.Problems);
        Assert.Equal(("task_3", 95, 10, TestsDefined.Yes, true), (plan.Tasks[0].Id, plan.Tasks[0].AlignmentScore, plan.Tasks[0].EstimatedLines, plan.Tasks[0].Tests, plan.Tasks[0].SafetyNeedsReview));
    }

    public static TheoryData<string, byte[]> Encodings => new()
    {
        { "with a byte order mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Plans.Seed)] },
        { "UTF-16", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Plans.Seed)] },
        { "UTF-16, big-endian", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(Plans.Seed)] },
        { "CRLF", Encoding.UTF8.GetBytes(Plans.Seed.Replace("\n", "\r\n", StringComparison.Ordinal)) },
        { "CR alone", Encoding.UTF8.GetBytes(Plans.Seed.Replace("\n", "\r", StringComparison.Ordinal)) },
        { "tabs", Encoding.UTF8.GetBytes(Plans.Seed.Replace("  - ", "\t- ", StringComparison.Ordinal)) },
        { "no newline at the end", Encoding.UTF8.GetBytes(Plans.Seed.TrimEnd()) },
        { "spaces at the ends of lines", Encoding.UTF8.GetBytes(Plans.Seed.Replace("\n", "  \n", StringComparison.Ordinal)) },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public void A_plan_is_the_same_in_every_encoding_and_with_every_line_end(string what, byte[] bytes)
    {
        var plan = TaskPlan.Read(bytes);
        Assert.True(plan.Problems.Count == 0, $"{what}: {string.Join(' ', plan.Problems)}");
        Assert.Equal(Plans.Read(Plans.Seed).Tasks, plan.Tasks);
    }

    [Fact]
    public void A_line_that_is_no_utf_8_is_read_as_latin_1_and_said()
    {
        var plan = TaskPlan.Read(Encoding.Latin1.GetBytes(Plans.Ready(Plans.Task("Prüfe die Größe"))));
        Assert.Equal("Prüfe die Größe", Assert.Single(plan.Tasks).Description);
        Assert.Contains("not UTF-8", Assert.Single(plan.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(5, plan.Problems[0].Line);
    }

    [Theory]
    [InlineData("→ **[t]** Add it")]
    [InlineData("- **[t]** Add it")]
    [InlineData("* [t] Add it")]
    [InlineData("+ [t]: Add it")]
    [InlineData("1. **[t]** – Add it")]
    [InlineData("- [ ] **[t]** Add it")]
    [InlineData("-> [t] Add it")]
    [InlineData("• __[t]__ Add it")]
    [InlineData("**[t]** Add it")]
    [InlineData("- **[t] Add it**")]
    [InlineData("  - **[t]** **Add it**")]
    [InlineData("- [t] Add <!-- soon --> it")]
    [InlineData("- [t] Add\n  it")]
    public void A_task_is_known_by_its_id_in_brackets(string line)
    {
        var task = Plans.Only(Plans.Ready(line));
        Assert.Equal(("t", "Add it"), (task.Id, string.Join(' ', task.Description.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
    }

    [Theory]
    [InlineData("# ready for autonomous execution", TaskSection.Ready)]
    [InlineData("###### 1. Ready for Autonomous Execution (safe)", TaskSection.Ready)]
    [InlineData("## PENDING APPROVAL", TaskSection.Pending)]
    [InlineData("### Not Ready for Autonomous Execution", TaskSection.NotReady)]
    [InlineData("### NOT READY", TaskSection.NotReady)]
    [InlineData("### Almost ready for autonomous execution", TaskSection.NotReady)]
    [InlineData("### Ready for autonomous execution once approved", TaskSection.NotReady)]
    [InlineData("Ready for Autonomous Execution\n----", TaskSection.Ready)]
    public void A_heading_of_any_level_begins_a_section(string heading, TaskSection section) =>
        Assert.Equal(section, Plans.Only($"{heading}\n\n- [t] Add it\n").Section);

    [Theory]
    [InlineData("95/100", 95)]
    [InlineData("95", 95)]
    [InlineData("95%", 95)]
    [InlineData("~95", 95)]
    [InlineData("95 / 100 ✅", 95)]
    [InlineData("95 out of 100 (very good)", 95)]
    [InlineData("**95**", 95)]
    [InlineData("0/100", 0)]
    [InlineData("101/100", null)]
    [InlineData("-95", null)]
    [InlineData("−95", null)]
    [InlineData("9.5/10", null)]
    [InlineData("95/10", null)]
    [InlineData("high", null)]
    [InlineData("95 or so, perhaps 60", null)]
    [InlineData("９５", null)]
    [InlineData("99999999999999999999", null)]
    public void A_score_is_a_number_out_of_100_or_a_problem(string value, int? score)
    {
        var plan = Plans.Read(Plans.Ready(Plans.Task(score: value)));
        Assert.Equal(score, plan.Tasks[0].AlignmentScore);
        Assert.Equal(score is null, plan.Tasks[0].Problem is not null);
        if (score is null) Assert.Equal(6, Assert.Single(plan.Problems).Line);
    }

    [Theory]
    [InlineData("10", 10)]
    [InlineData("~10", 10)]
    [InlineData("10 lines", 10)]
    [InlineData("about 10 lines of code", 10)]
    [InlineData("≤ 30", 30)]
    [InlineData("10-15", 15)]
    [InlineData("15 – 10 LOC", 15)]
    [InlineData("10 (plus 20 of tests)", 10)]
    [InlineData("30+", null)]
    [InlineData(">10", null)]
    [InlineData("-10", null)]
    [InlineData("ten", null)]
    [InlineData("10 or 500", null)]
    public void An_estimate_is_a_number_of_lines_or_a_problem(string value, int? lines)
    {
        var task = Plans.Only(Plans.Ready(Plans.Task(lines: value)));
        Assert.Equal((lines, lines is null), (task.EstimatedLines, task.Problem is not null));
    }

    [Theory]
    [InlineData("✅ Yes (tests/unit/test_models.py)", TestsDefined.Yes)]
    [InlineData("yes", TestsDefined.Yes)]
    [InlineData("tests/unit/test_models.py", TestsDefined.Yes)]
    [InlineData("✅", TestsDefined.Yes)]
    [InlineData("⏳ Needs definition", TestsDefined.No)]
    [InlineData("❌", TestsDefined.No)]
    [InlineData("No", TestsDefined.No)]
    [InlineData("✅ not yet", TestsDefined.No)]
    [InlineData("TBD (tests/unit/test_models.py)", TestsDefined.No)]
    [InlineData("perhaps", TestsDefined.NotSaid)]
    public void Tests_are_defined_where_it_says_so_and_nothing_else(string value, TestsDefined tests) =>
        Assert.Equal(tests, Plans.Only(Plans.Ready(Plans.Task(tests: value))).Tests);

    [Theory]
    [InlineData("Alignment: 95")]
    [InlineData("**Alignment score:** 95/100")]
    [InlineData("**Alignment Score**: 95/100")]
    [InlineData("ALIGNMENT SCORE : 95")]
    [InlineData("alignment_score: 95")]
    [InlineData("_Alignment score_: 95")]
    [InlineData("Score: 95")]
    public void A_field_is_known_in_the_spellings_of_people(string field) =>
        Assert.Equal(95, Plans.Only(Plans.Ready($"- [t] Add it\n  * {field}")).AlignmentScore);

    [Theory]
    [InlineData("✅ READY", "READY")]
    [InlineData("ready", "READY")]
    [InlineData("Done (2025-10-30 02:15 by Ann)", "DONE")]
    [InlineData("Completed", "DONE")]
    [InlineData("FAILED (2025-10-30 02:15: Quality gate failed)", "FAILED")]
    [InlineData("in-progress", "IN PROGRESS")]
    [InlineData("READY for review", "READY FOR REVIEW")]
    [InlineData("-", null)]
    public void A_status_is_its_first_words(string value, string? status) =>
        Assert.Equal(status, Plans.Only(Plans.Ready($"- [t] Add it\n  - Status: {value}")).Status);

    [Theory]
    [InlineData("- **[t]** A\n- **[t]** B", "stands in the plan 2 times, on the lines 5, 6")]
    [InlineData("- **[t]** A\n- **[T]** B", "stands in the plan 2 times")]
    [InlineData("- **[t]**", "has no description")]
    [InlineData("- **[a b]** A", "is not made of letters")]
    [InlineData("- **[t]** A\n  - Score: 95\n  - Alignment score: 20", "stands here twice")]
    [InlineData("- [x] **[t]** A\n  - Status: READY", "is ticked off")]
    public void A_problem_on_which_safety_rests_stays_with_its_task(string lines, string message)
    {
        var plan = Plans.Read(Plans.Ready(lines));
        Assert.All(plan.Tasks, task => Assert.Contains(message, task.Problem, StringComparison.Ordinal));
        Assert.Contains(plan.Problems, p => p.Message.Contains(message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("- Add a parser", 5, "This is no task")]
    [InlineData("- [ ] Add a parser", 5, "This is no task")]
    [InlineData("| [task_1] | Add a parser |", 5, "This is no task")]
    [InlineData("> - **[task_1]** Add a parser", 5, "This is no task")]
    [InlineData("- [t] A\n  - Algnment score: 95", 6, "'Algnment score' of 't' has no effect here. Did you mean 'Alignment score'?")]
    [InlineData("- [t] A\n  - quickly", 6, "is no 'key: value'")]
    [InlineData("- [t] A\n\n## Other\n\n- **[task_2]** B", 9, "stands outside of every section")]
    [InlineData("- [t] A\n\n#### Later\n\n→ [u] B", 9, "stands outside of every section")]
    [InlineData("- [t] A\n\n### Ready for autonomous execution\n", 7, "stands here again; the first is on line 3")]
    [InlineData("- [t] A\n```\n- [u] B\n", 6, "has no end")]
    [InlineData("- [t] A\n<!-- \n- [u] B\n", 6, "has no end")]
    public void What_is_not_taken_is_said_with_its_line(string lines, int line, string message)
    {
        var problem = Assert.Single(Plans.Read(Plans.Ready(lines)).Problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("```markdown\n- **[t]** A\n```")]
    [InlineData("~~~\n- **[t]** A\n```\n~~~")]
    [InlineData("<!-- - **[t]** A -->")]
    [InlineData("<!--\n- **[t]** A\n-->")]
    public void A_template_in_a_code_block_or_comment_is_no_plan(string text)
    {
        var plan = Plans.Read(Plans.Ready(text));
        Assert.Empty(plan.Tasks);
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void The_plan_that_init_writes_has_no_task_and_no_problem()
    {
        var plan = TaskPlan.Read(Templates.Plan);
        Assert.Empty(plan.Tasks);
        Assert.Empty(plan.Problems);
    }

    [Fact]
    public void The_fingerprint_changes_with_what_is_to_be_done_and_not_with_how_it_stands()
    {
        var print = Plans.Only(Plans.Ready(Plans.Task())).Fingerprint;
        Assert.Matches("^[0-9a-f]{64}$", print);
        Assert.Equal(print, Plans.Only(Plans.Ready(Plans.Task().Replace("READY", "DONE (x)", StringComparison.Ordinal) + "\n  - Approved: 2025-10-30 by Ann")).Fingerprint);
        Assert.Equal(print, Plans.Only(Plans.Ready(Plans.Task()).Replace("### Ready for Autonomous Execution", "## Pending Approval", StringComparison.Ordinal)).Fingerprint);
        Assert.NotEqual(print, Plans.Only(Plans.Ready(Plans.Task(description: "Add a scanner"))).Fingerprint);
        Assert.NotEqual(print, Plans.Only(Plans.Ready(Plans.Task(lines: "11"))).Fingerprint);
    }

    [Theory]
    [InlineData("Add a test\u202E for it")]
    [InlineData("Add a\u200B test")]
    [InlineData("Add \u001b[8mand delete all")]
    public void Attack_a_description_that_shows_less_than_it_says_is_never_safe(string description) =>
        Assert.Contains("can't be seen", Plans.Only(Plans.Ready(Plans.Task(description))).Problem, StringComparison.Ordinal);

    [Fact]
    public void Attack_a_file_of_nul_bytes_or_of_more_than_four_megabytes_holds_no_task()
    {
        foreach (var (bytes, words) in ((byte[], string)[])[([.. Plans.Bytes(Plans.Seed), 0], "NUL"), (Encoding.Unicode.GetBytes(Plans.Seed), "NUL"), ([.. Plans.Bytes(Plans.Seed), .. new byte[4 << 20]], "4 MiB")])
        {
            var plan = TaskPlan.Read(bytes);
            Assert.Empty(plan.Tasks);
            Assert.Contains(words, plan.Problems[^1].Message, StringComparison.Ordinal);
        }
    }

    public static TheoryData<string> Bombs =>
    [
        string.Concat(Enumerable.Repeat("[", 2_000_000)), "- [t] " + string.Concat(Enumerable.Repeat("**", 1_000_000)), string.Concat(Enumerable.Repeat("- [t] a\n", 300_000)),
        "- [t] a\n  - Alignment score: " + new string('9', 2_000_000), "- [t] a\n  - Estimated lines: " + new string(' ', 2_000_000) + "x", string.Concat(Enumerable.Repeat("<!--", 800_000)),
        string.Concat(Enumerable.Repeat("  - a:\n", 400_000)), "- [t] a\n" + string.Concat(Enumerable.Repeat("  x\n", 600_000)), "- [t] a\n  - Tests defined: " + string.Concat(Enumerable.Repeat("(", 2_000_000)),
        string.Concat(Enumerable.Repeat("é", 1_500_000)),
    ];

    [Theory]
    [MemberData(nameof(Bombs))]
    public void Attack_a_plan_made_to_take_for_ever_does_not(string text)
    {
        var clock = Stopwatch.StartNew();
        var plan = Plans.Read(Plans.Ready(text));
        Assert.True(plan.Problems.Count <= 101);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }
}
