using System.Text;
using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsAutonomy.Tests.Tasks;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsAutonomy.Tests.Constraints;

public sealed class ChangeCheckTests
{
    private const int Plain = 0b110_100_100, Runnable = 0b111_101_101;
    private readonly Dictionary<ContentHash, byte[]> contents = [];
    private readonly Dictionary<RepositoryPath, FileState> before = [];
    private readonly Dictionary<RepositoryPath, FileState> after = [];

    private static string Lines(int count, string what = "x = ") => string.Concat(Enumerable.Range(0, count).Select(i => $"{what}{i}\n"));

    private FileState State(byte[] bytes, EntryKind kind, int mode)
    {
        contents[ContentHash.Of(bytes)] = bytes;
        return new(kind, kind == EntryKind.Symlink ? FileState.SymlinkMode : mode, ContentHash.Of(bytes), bytes.Length);
    }

    private void Base(string path, string text, int mode = Plain) =>
        before[RepositoryPath.Parse(path)] = after[RepositoryPath.Parse(path)] = State(Encoding.UTF8.GetBytes(text), EntryKind.File, mode);

    private void Write(string path, string text, int mode = Plain) => after[RepositoryPath.Parse(path)] = State(Encoding.UTF8.GetBytes(text), EntryKind.File, mode);

    private void Write(string path, byte[] bytes) => after[RepositoryPath.Parse(path)] = State(bytes, EntryKind.File, Plain);

    private void Link(string path, string target) => after[RepositoryPath.Parse(path)] = State(Encoding.UTF8.GetBytes(target), EntryKind.Symlink, 0);

    private void Delete(string path) => after.Remove(RepositoryPath.Parse(path));

    private IReadOnlyList<Violation> Check(PlannedTask? task = null, AutonomousConstraints? constraints = null)
    {
        var tree = new TreeSnapshot(before);
        return ConstraintCheck.OfChange(ChangeSet.Between(tree, new TreeSnapshot(after)), tree, (_, state) => contents[state.Hash], constraints ?? AutonomousConstraints.Default, task);
    }

    private Violation Only(PlannedTask? task = null) => Assert.Single(Check(task));

    [Theory]
    [InlineData("src/models.py")]
    [InlineData("tests/unit/test_models.py")]
    [InlineData("docs/api.md")]
    [InlineData("README.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("tests/unit/test_auth.py")]
    [InlineData("src/author.py")]
    public void A_small_change_in_its_place_is_safe(string path)
    {
        Write(path, Lines(10));
        Assert.Empty(Check());
    }

    [Theory]
    [InlineData("src/.env", "constraints/environment-file", "Modifying .env file")]
    [InlineData("docs/docker-compose.yml", "constraints/docker", "Modifying Docker config")]
    [InlineData(".github/workflows/a.yml", "constraints/pipeline", "Modifying CI/CD")]
    [InlineData("src/requirements.txt", "constraints/dependencies", "Adding dependencies")]
    [InlineData("src/App/App.csproj", "constraints/dependencies", "Adding dependencies")]
    [InlineData("src/package-lock.json", "constraints/dependencies", "Adding dependencies")]
    [InlineData("src/.gitignore", "constraints/ignore-rules", "Modifying .gitignore")]
    [InlineData("src/appsettings.Production.json", "constraints/production", "Modifying production configuration")]
    [InlineData("docs/notes/PROJECT_PLAN.md", "constraints/plan", "An agent may not write what tells it what to do: docs/notes/PROJECT_PLAN.md")]
    [InlineData("docs/autonomous-constraints.md", "constraints/plan", "An agent may not write what tells it what to do: docs/autonomous-constraints.md")]
    [InlineData("docs/notes/project_plan.MD", "constraints/plan", "An agent may not write what tells it what to do: docs/notes/project_plan.MD")]
    public void Attack_a_forbidden_file_is_refused_in_every_folder(string path, string rule, string message)
    {
        Write(path, "x\n");
        var violation = Check().First(v => v.Rule == rule);
        Assert.Equal((message, "CRITICAL", true, path), (violation.Message, violation.Severity, violation.Blocked, violation.Path!.Value.Value));
    }

    [Theory]
    [InlineData("setup.sh")]
    [InlineData("lib/a.py")]
    [InlineData("SRC/a.py")]
    [InlineData("srcs/a.py")]
    [InlineData("docs.md")]
    [InlineData("docs2/README.md")]
    [InlineData("tars.yaml")]
    [InlineData(".ai-validation/check_quality.sh")]
    public void Attack_a_file_outside_the_approved_directories_is_refused(string path)
    {
        Write(path, "x\n");
        var violation = Check().Single(v => v.Rule == "constraints/folder");
        Assert.Equal(($"File outside approved directories: {path}", "HIGH", true), (violation.Message, violation.Severity, violation.Blocked));
    }

    [Theory]
    [InlineData("db.run('DROP TABLE users')", "constraints/schema", "Database schema changes: 'DROP TABLE' in src/a.py")]
    [InlineData("db.run('drop   table users')", "constraints/schema", "Database schema changes: 'DROP TABLE' in src/a.py")]
    [InlineData("db.run('DROP\nTABLE users')", "constraints/schema", "Database schema changes: 'DROP TABLE' in src/a.py")]
    [InlineData("alter table a", "constraints/schema", "Database schema changes: 'ALTER TABLE' in src/a.py")]
    [InlineData("DELETE FROM users", "constraints/database", "Dangerous database operations: 'DELETE FROM' in src/a.py")]
    public void Attack_forbidden_content_in_added_lines_is_refused(string line, string rule, string message)
    {
        Base("src/a.py", "a = 1\n");
        Write("src/a.py", "a = 1\n" + line + "\n");
        var violation = Only();
        Assert.Equal((rule, message, "CRITICAL"), (violation.Rule, violation.Message, violation.Severity));
    }

    [Fact]
    public void What_stood_there_before_is_not_added()
    {
        Base("src/a.py", "run('DROP TABLE users')\na = 1\n");
        Write("src/a.py", "a = 2\nrun('DROP TABLE users')\n");
        Assert.Empty(Check());
    }

    [Theory]
    [InlineData(30, 200, null)]
    [InlineData(31, 0, "Task too large: 31 lines")]
    [InlineData(10, 291, "Task too large: 301 lines with its tests")]
    public void The_limit_counts_lines_outside_of_tests_and_a_wider_one_all(int lines, int tests, string? message)
    {
        Write("src/a.py", Lines(lines));
        if (tests > 0) Write("tests/test_a.py", Lines(tests));
        Assert.Equal(message is null ? [] : [message], Check().Select(v => v.Message));
    }

    [Fact]
    public void Removed_lines_count_too()
    {
        Base("src/a.py", Lines(40));
        Write("src/a.py", Lines(5));
        Assert.Equal("Task too large: 35 lines", Only().Message);
    }

    [Fact]
    public void A_person_who_approved_a_larger_task_approved_its_lines()
    {
        Write("src/a.py", Lines(45));
        var task = Plans.Only(Plans.Ready(Plans.Task(lines: "45") + "\n  - Approved: 2025-10-30 by Ann"));
        Assert.Empty(Check(task));
        Write("src/a.py", Lines(46));
        Assert.Equal("Task too large: 46 lines", Only(task).Message);
    }

    [Fact]
    public void Attack_deleting_a_file_is_refused()
    {
        Base("src/a.py", Lines(3));
        Delete("src/a.py");
        Assert.Equal(("constraints/delete", "Deleting files: src/a.py", "CRITICAL"), (Only().Rule, Only().Message, Only().Severity));
    }

    [Fact]
    public void A_move_within_the_approved_directories_is_no_deletion()
    {
        Base("src/a.py", Lines(100));
        Delete("src/a.py");
        Write("src/b/c.py", Lines(100));
        Assert.Empty(Check());
        Write("src/b/c.py", Lines(99) + "y = 1\n");
        Assert.Empty(Check());
    }

    [Fact]
    public void Attack_a_deletion_that_calls_itself_a_move_is_one()
    {
        Base("src/a.py", Lines(20));
        Base("src/twin.py", Lines(20));
        Delete("src/a.py");
        Delete("src/twin.py");
        Write("src/b.py", Lines(20));
        Assert.Equal("constraints/delete", Only().Rule);
        Write("src/b.py", Lines(10, "y = "));
        Assert.Equal(2, Check().Count(v => v.Rule == "constraints/delete"));
        var change = new ChangeSet([new(RepositoryPath.Parse("src/a.py"), before.Values.First(), null), new(RepositoryPath.Parse("src/n.py"), null, State("1\n"u8.ToArray(), EntryKind.File, Plain), RepositoryPath.Parse("src/a.py"))]);
        Assert.Contains(ConstraintCheck.OfChange(change, new TreeSnapshot(before), (_, s) => contents[s.Hash], AutonomousConstraints.Default), v => v.Rule == "constraints/delete");
    }

    [Fact]
    public void Attack_moving_a_file_out_of_the_approved_directories_or_into_them_is_refused()
    {
        Base("src/a.py", Lines(20));
        Base("lib/b.py", Lines(20, "y = "));
        Delete("src/a.py");
        Delete("lib/b.py");
        Write("attic/a.py", Lines(20));
        Write("src/b.py", Lines(20, "y = "));
        Assert.Equal(["attic/a.py", "lib/b.py", "lib/b.py", "src/a.py"],
            Check().Where(v => v.Rule is "constraints/delete" or "constraints/folder").Select(v => v.Path!.Value.Value).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("../lib")]
    [InlineData("..")]
    [InlineData("through/a.py")]
    public void Attack_a_symlink_that_leads_out_of_the_approved_directories_is_refused(string target)
    {
        before[RepositoryPath.Parse("src/through")] = after[RepositoryPath.Parse("src/through")] = State("../lib"u8.ToArray(), EntryKind.Symlink, 0);
        Link("src/l", target);
        Assert.Equal("constraints/link", Only().Rule);
    }

    [Fact]
    public void A_symlink_within_them_is_safe_and_a_file_that_becomes_one_is_not()
    {
        Base("src/a.py", "1\n");
        Link("src/l", "a.py");
        Assert.Empty(Check());
        Link("src/a.py", "b.py");
        Assert.Contains(Check(), v => v.Message == "A file becomes a symlink: src/a.py");
    }

    [Fact]
    public void What_can_not_be_counted_is_refused()
    {
        Write("docs/a.png", [0x89, 0x50, 0, 1]);
        Assert.Equal("constraints/binary", Only().Rule);
        Write("docs/a.png", Encoding.ASCII.GetBytes(new string('x', (1 << 20) + 1)));
        Assert.Equal("constraints/binary", Only().Rule);
    }

    [Fact]
    public void A_file_that_can_be_run_all_at_once_is_refused_and_a_new_one_held()
    {
        Base("src/a.sh", "1\n");
        Write("src/a.sh", "1\n", Runnable);
        Assert.Equal(("constraints/mode", true), (Only().Rule, Only().Blocked));
        Write("src/a.sh", "1\n");
        Write("src/b.sh", "2\n", Runnable);
        Assert.Equal(("constraints/mode", false), (Only().Rule, Only().Blocked));
    }

    [Theory]
    [InlineData("src/auth/user.py", "constraints/authentication")]
    [InlineData("src/UserAuthorization.cs", "constraints/authentication")]
    [InlineData("src/migrations/0001_a.py", "constraints/migrations")]
    [InlineData("src/a.sql", "constraints/migrations")]
    public void What_needs_a_person_is_held_unless_one_approved_the_task(string path, string rule)
    {
        Write(path, "x\n");
        Assert.Equal((rule, false), (Only().Rule, Only().Blocked));
        Assert.Empty(Check(Plans.Only(Plans.Ready(Plans.Task() + "\n  - Approved: 2025-10-30 by Ann"))));
        Assert.Single(Check(Plans.Only(Plans.Ready(Plans.Task()))));
    }

    [Fact]
    public void Attack_no_configuration_lets_an_agent_write_its_own_plan()
    {
        Write("docs/notes/PROJECT_PLAN.md", "x\n");
        Write("tars.yaml", "x\n");
        var loose = AutonomousConstraints.Default with { AllowedFolders = ["docs/"], AllowedFiles = ["tars.yaml"], ForbiddenPaths = [] };
        Assert.Equal(["constraints/plan", "constraints/plan"], Check(constraints: loose).Select(v => v.Rule));
    }

    [Fact]
    public void Constraints_that_can_not_be_read_refuse_every_change()
    {
        Write("src/a.py", "x\n");
        Assert.Equal("constraints/document", Assert.Single(Check(constraints: AutonomousConstraints.Default with { Unreadable = "x" })).Rule);
    }
}
