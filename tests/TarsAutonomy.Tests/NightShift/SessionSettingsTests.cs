using TarsAutonomy.Settings;
using TarsEngine.Configuration;

namespace TarsAutonomy.Tests.NightShift;

public sealed class SessionSettingsTests
{
    [Fact]
    public void The_defaults_are_the_seeds()
    {
        var session = AutonomySettings.Load(null, "").Session;
        Assert.Equal((5, TimeSpan.FromHours(4), TimeSpan.FromMinutes(30), 3, 2),
            (session.MaxTasks, session.MaxDuration, session.TaskTimeout, session.MaxAttempts, session.MaxConsecutiveFailures));
        Assert.Equal(("docs/notes/PROJECT_PLAN.md", "docs/autonomous-constraints.md", ".ai-validation/check_quality.sh"), (session.Plan.ToString(), session.Constraints.ToString(), session.Gate.ToString()));
        Assert.Null(session.Push);
    }

    [Fact]
    public void The_seeds_own_names_are_read()
    {
        var session = Load("max_tasks_per_session: 3\n  timeout_per_task: 600").Session;
        Assert.Equal((3, TimeSpan.FromMinutes(10)), (session.MaxTasks, session.TaskTimeout));
    }

    [Fact]
    public void A_codebase_can_only_tighten()
    {
        var tightened = Load("max-tasks-per-session: 4").TightenedBy("autonomous:\n  max-tasks-per-session: 9\n  task-timeout: 5m\n  max-attempts: 9\n", out var problems);
        Assert.Empty(problems);
        Assert.Equal((4, TimeSpan.FromMinutes(5), 3), (tightened.Session.MaxTasks, tightened.Session.TaskTimeout, tightened.Session.MaxAttempts));
    }

    [Theory]
    [InlineData("gate: none")]
    [InlineData("agent: codex")]
    [InlineData("base: evil")]
    [InlineData("constraints-file: docs/other.md")]
    [InlineData("push: {remote: evil, branches: '*'}")]
    [InlineData("kill-switch: /tmp/x")]
    [InlineData("schedule: {cron: '* * * * *'}")]
    [InlineData("alerts: {command: [sh]}")]
    [InlineData("unknown: 1")]
    public void A_codebase_that_asks_for_more_is_refused(string line)
    {
        Load("agent: mine").TightenedBy($"autonomous:\n  {line}\n", out var problems);
        Assert.NotEmpty(problems);
    }

    [Theory]
    [InlineData("gate: ../outside.sh")]
    [InlineData("kill-switch: relative")]
    [InlineData("max-attempts: 0")]
    [InlineData("push: {remote: --upload-pack=evil, branches: '*'}")]
    [InlineData("push: {branches: '*'}")]
    public void What_cannot_be_is_a_problem_with_its_line(string line) =>
        Assert.Contains(Assert.Throws<ConfigurationException>(() => Load(line)).Problems, problem => problem.Line == 2);

    [Theory]
    [InlineData("autonomous-*", "autonomous-20260101-020000", true)]
    [InlineData("*", "main", false)]
    [InlineData("autonomous-*", "other", false)]
    public void Only_branches_that_are_named_are_pushed_and_main_never_is(string pattern, string branch, bool pushed) =>
        Assert.Equal(pushed, new PushSettings("origin", pattern, false).Allows(branch));

    private static AutonomySettings Load(string lines) => AutonomySettings.Load($"autonomous:\n  {lines}\n", "config.yaml");
}
