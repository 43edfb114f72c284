using System.Text;
using TarsAutonomy.Constraints;
using TarsAutonomy.Tasks;
using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsAutonomy.Tests.Constraints;

public sealed class ConstraintJoinTests
{
    private static ConstraintsDocument Document(string text) => ConstraintsDocument.Read(Encoding.UTF8.GetBytes(text));

    private static ConstraintSettings Settings(string yaml, bool fromRepository, out IReadOnlyList<DocumentProblem> problems)
    {
        var document = DocumentReader.Read(yaml, "a.yaml");
        var settings = ConstraintSettings.Read(MapReader.Root(document, "it")!, fromRepository);
        problems = document.Problems.List;
        return settings;
    }

    private static ConstraintSettings User(string yaml)
    {
        var settings = Settings(yaml, false, out var problems);
        Assert.Empty(problems);
        return settings;
    }

    private static JoinedConstraints Join(string? document, string user = "{}", string repository = "{}") =>
        ConstraintJoin.Of(document is null ? null : Document(document), User(user), Settings(repository, true, out _));

    [Fact]
    public void The_document_of_the_seed_says_what_holds_anyway()
    {
        var document = ConstraintsDocument.Read(Templates.Constraints);
        Assert.Empty(document.Problems);
        Assert.Empty(document.Notices);
        Assert.Equal((30, 80, 5, 3, 2), (document.MaxLines, document.MinAlignment, document.MaxTasks, document.MaxAttempts, document.MaxConsecutiveFailures));
        Assert.Equal((TimeSpan.FromHours(4), TimeSpan.FromMinutes(30)), (document.MaxDuration, document.TaskTimeout));
        Assert.Equal(AutonomousConstraints.Default.AllowedFolders, document.AllowedFolders);
        Assert.Equal(AutonomousConstraints.Default.AllowedFiles, document.AllowedFiles);
        var joined = ConstraintJoin.Of(document, ConstraintSettings.None, ConstraintSettings.None);
        Assert.Empty(joined.Notices);
        Assert.Null(joined.Constraints.Unreadable);
    }

    [Fact]
    public void The_same_in_the_seeds_mojibake()
    {
        var document = Document("## What Autonomous Mode CAN Do ‚úÖ\n- Create new files in src/\n## Quality Requirements\n1. ‚úÖ **Alignment Score** ‚â•85\n3. ‚úÖ **Estimated Lines** ‚â§20\n## What Autonomous Mode CANNOT Do ‚ùå\n- ‚ùå Delete any files\n");
        Assert.Equal((20, 85), (document.MaxLines, document.MinAlignment));
        Assert.Empty(document.Notices);
        Assert.Empty(document.Problems);
    }

    [Fact]
    public void The_document_sets_folders_line_limit_and_score_and_forbids_more()
    {
        var joined = Join("# Constraints\n## CAN do\n- Create files in `lib/`, spec/\n- Add CHANGELOG entries\n## CANNOT do\n- Touch `lib/legacy/`\n- Speak of \"billing\"\n## Quality requirements\n- Alignment score ≥ 70\n- Estimated lines ≤ 50\n").Constraints;
        Assert.Equal(["lib/", "spec/"], joined.AllowedFolders);
        Assert.Equal(["CHANGELOG.md"], joined.AllowedFiles);
        Assert.Equal((50, 70), (joined.MaxLines, joined.MinAlignment));
        Assert.Contains(ConstraintCheck.OfPaths([RepositoryPath.Parse("lib/legacy/a.rb")], joined), v => v is { Rule: "constraints/path", Blocked: true });
        Assert.Contains("billing", joined.ForbiddenWords);
    }

    [Theory]
    [InlineData("## CAN do\n- Deploy to production\n", "it allows nothing")]
    [InlineData("## CANNOT do\n- Be rude\n", "it has no effect")]
    [InlineData("## Wishes\n- Everything\n", "The section 'Wishes' isn't known")]
    public void A_line_that_is_not_understood_is_said_and_permits_nothing(string text, string message)
    {
        var document = Document(text);
        Assert.Contains(message, Assert.Single(document.Notices).Message, StringComparison.Ordinal);
        Assert.Equal(AutonomousConstraints.Default.AllowedFolders, ConstraintJoin.Of(document, ConstraintSettings.None, ConstraintSettings.None).Constraints.AllowedFolders);
    }

    [Theory]
    [InlineData("a\0b")]
    [InlineData("## Quality requirements\n- Alignment score ≥800\n")]
    [InlineData("## Quality requirements\n- Alignment score must be high\n")]
    [InlineData("## Quality requirements\n- Estimated lines: few\n")]
    [InlineData("## CANNOT do\n```\n- Delete any files\n")]
    public void Attack_a_document_that_can_not_be_read_makes_nothing_safe(string text) => Assert.NotNull(Join(text).Constraints.Unreadable);

    [Fact]
    public void The_users_own_file_loosens_what_the_document_and_the_defaults_say()
    {
        var joined = Join("## Quality requirements\n- Estimated lines ≤ 10\n",
            "allowed-folders: [app, src/]\nmax-lines: 60\nmin-alignment: 50\nrequire-tests: false\npermitted-words: [payment]\npermitted-paths: ['*.csproj']\npermitted-content: [delete from]\napprovals: {authentication: false}\nforbidden-words: [cat]\n").Constraints;
        Assert.Equal(["app/", "src/"], joined.AllowedFolders);
        Assert.Equal((60, 50, false), (joined.MaxLines, joined.MinAlignment, joined.RequireTests));
        Assert.DoesNotContain("payment", joined.ForbiddenWords);
        Assert.Contains("cat", joined.ForbiddenWords);
        Assert.DoesNotContain(joined.ForbiddenContent, c => c.Text == "DELETE FROM");
        Assert.DoesNotContain(joined.Approvals, a => a.Name == "authentication");
        Assert.Empty(ConstraintCheck.OfPaths([RepositoryPath.Parse("src/App.csproj")], joined));
    }

    [Fact]
    public void Attack_the_codebases_own_file_only_tightens()
    {
        var joined = Join(null, "{}",
            "allowed-folders: [src/app, /, secret/]\nallowed-files: [README.md, Makefile]\nmax-lines: 100\nmax-lines-with-tests: 9999\nmin-alignment: 10\nrequire-tests: false\npermitted-words: [payment]\npermitted-paths: ['.env']\npermitted-content: [DROP TABLE]\napprovals: {migrations: false}\nforbidden-words: [zebra]\nforbidden-content: [eval(]\nforbidden-paths: [src/app/core/]\n");
        var constraints = joined.Constraints;
        Assert.Equal(["src/app/"], constraints.AllowedFolders);
        Assert.Equal(["README.md"], constraints.AllowedFiles);
        Assert.Equal((30, 300, 80, true), (constraints.MaxLines, constraints.MaxLinesWithTests, constraints.MinAlignment, constraints.RequireTests));
        Assert.Equal(AutonomousConstraints.Default.Approvals, constraints.Approvals);
        Assert.Contains("payment", constraints.ForbiddenWords);
        Assert.Contains("zebra", constraints.ForbiddenWords);
        Assert.Contains(ConstraintCheck.OfPaths([RepositoryPath.Parse("src/app/core/a.py")], constraints), v => v.Rule == "constraints/path");
        Assert.Equal(10, joined.Notices.Count);
        Assert.All(joined.Notices, notice => Assert.Equal("config/loosens", notice.Rule));
    }

    [Fact]
    public void What_the_codebase_tightens_counts()
    {
        var joined = Join(null, "approvals: {authentication: false}\nmax-lines: 100\n", "max-lines: 40\nmin-alignment: 90\napprovals: {authentication: true}\n");
        Assert.Empty(joined.Notices);
        Assert.Equal((40, 90), (joined.Constraints.MaxLines, joined.Constraints.MinAlignment));
        Assert.Contains(joined.Constraints.Approvals, a => a.Name == "authentication");
    }

    [Theory]
    [InlineData("max-lines: 0")]
    [InlineData("min-alignment: 101")]
    [InlineData("forbidden-paths: ['../x']")]
    [InlineData("allowed-folders: ['~/x']")]
    [InlineData("permitted-words: [paymnt]")]
    [InlineData("forbidden-words: ['  ']")]
    [InlineData("max-line: 3")]
    [InlineData("approvals: {everything: true}")]
    public void A_setting_that_can_not_be_meant_is_a_problem(string yaml)
    {
        Settings(yaml, false, out var problems);
        Assert.NotEmpty(problems);
    }
}
