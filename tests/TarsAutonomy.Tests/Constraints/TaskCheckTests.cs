using TarsAutonomy.Constraints;
using TarsAutonomy.Tests.Tasks;

namespace TarsAutonomy.Tests.Constraints;

public sealed class TaskCheckTests
{
    private static IReadOnlyList<Violation> Check(string task) => ConstraintCheck.OfTask(Plans.Only(Plans.Ready(task)), AutonomousConstraints.Default);

    [Fact]
    public void The_ready_tasks_of_the_seed_are_safe_and_no_other()
    {
        var plan = Plans.Read(Plans.Seed);
        Assert.Equal(["task_3", "task_5"], plan.Tasks.Where(t => ConstraintCheck.OfTask(t, AutonomousConstraints.Default).Count == 0).Select(t => t.Id));
    }

    [Theory]
    [InlineData("75/100", "10", "Yes", "constraints/alignment", "Alignment score too low: 75")]
    [InlineData("79", "10", "Yes", "constraints/alignment", "Alignment score too low: 79")]
    [InlineData("95", "45", "Yes", "constraints/lines", "Task too large: 45 lines")]
    [InlineData("95", "31", "Yes", "constraints/lines", "Task too large: 31 lines")]
    [InlineData("95", "10", "⏳ Needs definition", "constraints/tests", "Tests not defined: ⏳ Needs definition")]
    public void A_figure_out_of_its_limit_is_refused_in_the_seeds_words(string score, string lines, string tests, string rule, string message)
    {
        var violation = Assert.Single(Check(Plans.Task(score: score, lines: lines, tests: tests)));
        Assert.Equal((rule, message, "HIGH", true), (violation.Rule, violation.Message, violation.Severity, violation.Blocked));
    }

    [Theory]
    [InlineData("80", "30")]
    [InlineData("100/100", "1")]
    public void The_limits_themselves_are_safe(string score, string lines) => Assert.Empty(Check(Plans.Task(score: score, lines: lines)));

    [Fact]
    public void A_missing_or_unreadable_figure_is_refused_and_says_so()
    {
        Assert.Equal(["constraints/alignment", "constraints/lines", "constraints/tests"], Check("- [t] Add a parser").Select(v => v.Rule));
        Assert.Contains(Check(Plans.Task(score: "high")), v => v.Message == "Alignment score missing, or not a number out of 100");
        Assert.Contains(Check(Plans.Task(lines: "few")), v => v.Message == "Estimated lines missing, or not a number");
    }

    [Theory]
    [InlineData("Add unit tests for the parser", true)]
    [InlineData("Write a test of the scanner", true)]
    [InlineData("Improve test coverage of Lexer", true)]
    [InlineData("Make the failing tests pass", false)]
    [InlineData("Add a parser that all of these tests like", false)]
    public void A_task_that_writes_tests_needs_none_defined(string description, bool isSafe) =>
        Assert.Equal(isSafe, Check(Plans.Task(description, tests: "No")).Count == 0);

    [Theory]
    [InlineData("Delete file a.txt", "delete file")]
    [InlineData("delete the old files of the cache", "delete file")]
    [InlineData("Start deleting all unused files", "delete file")]
    [InlineData("DROP TABLE users", "drop table")]
    [InlineData("Remove a column from the grid", "remove column")]
    [InlineData("Add new dependencies", "add dependency")]
    [InlineData("Install the packages it needs", "install package")]
    [InlineData("Add Stripe integration", "stripe")]
    [InlineData("Add class PaymentService", "payment")]
    [InlineData("Show payments", "payment")]
    public void A_forbidden_operation_is_found_by_whole_words(string description, string word)
    {
        var violation = Assert.Single(Check(Plans.Task(description)), v => v.Blocked);
        Assert.Equal(("constraints/words", $"Task mentions forbidden operation: {word}"), (violation.Rule, violation.Message));
    }

    [Theory]
    [InlineData("Add striped rows to the table")]
    [InlineData("Show deleted files in grey")]
    [InlineData("Name the file in the error of delete")]
    [InlineData("Explain dependency injection in the docs")]
    [InlineData("Add User model with email and password fields")]
    [InlineData("Name the author of a book")]
    public void A_harmless_word_is_none(string description) => Assert.Empty(Check(Plans.Task(description)));

    [Theory]
    [InlineData("Implement login endpoint", "constraints/authentication")]
    [InlineData("Harden security of the parser", "constraints/authentication")]
    [InlineData("Write a migration for names", "constraints/migrations")]
    [InlineData("Redesign the lexer", "constraints/architecture")]
    [InlineData("Call an external API for rates", "constraints/integrations")]
    [InlineData("Use a new library for dates", "constraints/new-dependency")]
    public void What_needs_a_person_is_not_blocked_and_not_safe_until_one_approved_it(string description, string rule)
    {
        var violation = Assert.Single(Check(Plans.Task(description)));
        Assert.Equal((rule, false), (violation.Rule, violation.Blocked));
        Assert.Equal(TarsEngine.Changes.Severity.Hold, violation.ToFinding().Severity);
        Assert.Empty(Check(Plans.Task(description) + "\n  - Approved: 2025-10-30 09:12 by Ann"));
        Assert.Single(Check(Plans.Task(description) + "\n  - Auto-approved: 2025-10-30 09:12"));
    }

    [Fact]
    public void A_person_may_approve_a_larger_task()
    {
        Assert.Empty(Check(Plans.Task(lines: "45") + "\n  - Approved: 2025-10-30 09:12 by Ann"));
        Assert.Single(Check(Plans.Task(lines: "45") + "\n  - Approved: yes, once it is 2026"));
    }

    [Fact]
    public void A_safety_check_that_asks_for_a_person_gets_one() => Assert.Equal(
        ("constraints/safety-check", false), Assert.Single(Check(Plans.Task() + "\n  - Safety check: ⚠️ look at it").Select(v => (v.Rule, v.Blocked))));

    [Theory]
    [InlineData("DONE (2025-10-30 02:15)")]
    [InlineData("FAILED")]
    [InlineData("READY for review")]
    public void A_task_with_another_status_than_ready_is_refused(string status) =>
        Assert.Equal("constraints/status", Assert.Single(Check(Plans.Task().Replace("READY", status, StringComparison.Ordinal))).Rule);

    [Fact]
    public void Attack_a_second_task_of_the_same_id_makes_both_unsafe() =>
        Assert.All(Plans.Read(Plans.Ready(Plans.Task() + "\n\n" + Plans.Task("Add more"))).Tasks, task =>
            Assert.Contains(ConstraintCheck.OfTask(task, AutonomousConstraints.Default), v => v is { Rule: "constraints/task-unclear", Blocked: true }));

    [Fact]
    public void Constraints_that_can_not_be_read_refuse_everything() => Assert.Equal(
        "constraints/document", Assert.Single(ConstraintCheck.OfTask(Plans.Only(Plans.Ready(Plans.Task())), AutonomousConstraints.Default with { Unreadable = "x" })).Rule);
}
