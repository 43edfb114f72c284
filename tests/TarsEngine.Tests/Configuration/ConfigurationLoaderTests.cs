using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Permissions;

namespace TarsEngine.Tests.Configuration;

public sealed class ConfigurationLoaderTests
{
    private static ConfigurationResult FromUser(string text) => ConfigurationLoader.Load(text, null);

    private static ConfigurationResult FromRepository(string text, string? user = null) => ConfigurationLoader.Load(user, text);

    [Fact]
    public void Without_files_the_defaults_hold_and_nothing_is_allowed()
    {
        var result = ConfigurationLoader.Load(null, null);
        Assert.Equal(ConfigurationLimits.Default, result.Configuration.Limits);
        Assert.Null(result.Configuration.Checks);
        Assert.False(result.Configuration.ApproveWhenValid || result.Configuration.AllowUnvalidated || result.Configuration.AllowWithoutBackup || result.Configuration.AllowUnproven);
        Assert.Empty(result.Notices);
        Assert.Empty(result.Problems);
    }

    [Fact]
    public void The_users_file_may_loosen()
    {
        var result = FromUser("review: {approve-when-valid: true}\nallow: {unvalidated: true, without-backup: true, unproven: true}\nlimits: {check-timeout: 1h, changed-files: 20000}\n");
        Assert.Empty(result.Problems);
        Assert.Empty(result.Notices);
        var policy = result.Configuration;
        Assert.True(policy.ApproveWhenValid && policy.AllowUnvalidated && policy.AllowWithoutBackup && policy.AllowUnproven);
        Assert.Equal(TimeSpan.FromHours(1), policy.Limits.CheckTimeout);
        Assert.Equal(20_000, policy.Permissions.Changes.ChangedFiles);
    }

    [Fact]
    public void Levels_of_tests_are_the_users_and_the_codebases_together()
    {
        var result = FromRepository("tests: {levels: {fast: [Unit], slow: [Journey, Kill]}}", "tests: {ignore: [Timing], levels: {fast: [Quick]}}");
        Assert.Empty(result.Problems);
        Assert.Empty(result.Notices);
        Assert.Equal(["Timing"], result.Configuration.Tests.Ignore);
        Assert.Equal(["Quick"], result.Configuration.Tests.Levels["fast"]);
        Assert.Equal(["Journey", "Kill"], result.Configuration.Tests.Levels["slow"]);
    }

    [Theory]
    [InlineData("tests: {levels: {fast: []}}")]
    [InlineData("tests: {levels: {fast: ['--evil']}}")]
    [InlineData("tests: {ignore: ['']}")]
    [InlineData("tests: {level: {}}")]
    public void Tests_that_are_not_named_are_a_problem(string text) => Assert.NotEmpty(FromUser(text).Problems);

    [Theory]
    [InlineData("sandbox: {enabled: false}", "sandbox.enabled")]
    [InlineData("sandbox: {hosts: [evil.example]}", "sandbox.hosts")]
    [InlineData("checks: []", "checks")]
    [InlineData("review: {approve-when-valid: true}", "review.approve-when-valid")]
    [InlineData("allow: {unvalidated: true}", "allow.unvalidated")]
    [InlineData("allow: {without-backup: true}", "allow.without-backup")]
    [InlineData("allow: {unproven: true}", "allow.unproven")]
    [InlineData("limits: {check-timeout: 23h}", "limits.check-timeout")]
    [InlineData("limits: {changed-files: 999999}", "limits.changed-files")]
    [InlineData("limits: {file-bytes: 1073741824}", "limits.file-bytes")]
    [InlineData("limits: {change-bytes: 10737418240}", "limits.change-bytes")]
    [InlineData("dotnet: {projects: [a.csproj]}", "dotnet")]
    [InlineData("dotnet: {properties: {TreatWarningsAsErrors: 'false'}}", "dotnet")]
    [InlineData("tests: {ignore: [Security]}", "tests.ignore")]
    [InlineData("tests: {impacted-first: false}", "tests.impacted-first")]
    public void A_codebases_file_that_loosens_is_ignored_and_said(string text, string key)
    {
        var result = FromRepository(text);
        Assert.Empty(result.Problems);
        var notice = Assert.Single(result.Notices);
        Assert.Equal(("config/loosens", key), (notice.Rule, notice.Key));
        Assert.Contains("ignored", notice.Message, StringComparison.Ordinal);
        Assert.Equivalent(TarsConfiguration.Default, result.Configuration, strict: true);
    }

    [Fact]
    public void A_codebases_minimum_of_tests_can_rise_but_not_fall()
    {
        Assert.Equal(50, FromRepository("limits: {minimum-tests: 50}", "limits: {minimum-tests: 10}").Configuration.Limits.MinimumTests);
        var lowered = FromRepository("limits: {minimum-tests: 5}", "limits: {minimum-tests: 10}");
        Assert.Equal(10, lowered.Configuration.Limits.MinimumTests);
        Assert.Single(lowered.Notices);
    }

    [Fact]
    public void A_codebases_file_tightens_what_the_user_allowed()
    {
        var result = FromRepository(
            "review: {approve-when-valid: false}\nallow: {unvalidated: false}\nlimits: {check-timeout: 1m, changed-files: 3}\nprotected-paths: [b/]\n",
            "review: {approve-when-valid: true}\nallow: {unvalidated: true, unproven: true}\nprotected-paths: [a/]\n");
        Assert.Empty(result.Notices);
        var policy = result.Configuration;
        Assert.False(policy.ApproveWhenValid || policy.AllowUnvalidated);
        Assert.True(policy.AllowUnproven);
        Assert.Equal((TimeSpan.FromMinutes(1), 3), (policy.Limits.CheckTimeout, policy.Permissions.Changes.ChangedFiles));
        Assert.All(["a/x", "b/x"], path => Assert.Equal(Decision.Review, policy.Permissions.Paths.Decide(RepositoryPath.Parse(path), PathAccess.Write).Decision));
    }

    [Fact]
    public void A_codebases_checks_are_added_and_marked_and_never_replace()
    {
        var result = FromRepository(
            "checks:\n- {name: Unit, run: [\"true\"]}\n- {name: lint, run: [lint]}\n",
            "checks:\n- {name: unit, kind: test, run: [dotnet, test, '{results}']}\n");
        Assert.Contains("replaces the user's check 'Unit'", Assert.Single(result.Notices).Message, StringComparison.Ordinal);
        Assert.False(Assert.Single(result.Configuration.Checks!).FromRepository);
        var extra = Assert.Single(result.Configuration.ExtraChecks);
        Assert.True(extra.FromRepository);
        Assert.Equal("lint", extra.Name);
    }

    [Theory]
    [InlineData("review:\n  approve-when-valid: true\n  approve-when-valid: false\n", "twice")]
    [InlineData("check: []\n", "Did you mean 'checks'?")]
    [InlineData("limits: {check-timout: 5m}\n", "Did you mean 'check-timeout'?")]
    [InlineData("schema: tars/config/v2\n", "newer")]
    [InlineData("limits: {changed-files: 0}\n", "whole number from 1")]
    [InlineData("limits: {changed-files: .nan}\n", "whole number")]
    [InlineData("limits: {check-timeout: 300}\n", "duration")]
    [InlineData("checks: {name: x}\n", "is a list")]
    [InlineData("checks: [{name: x, run: dotnet test}]\n", "is a list")]
    [InlineData("checks: [{name: x}]\n", "'run' is the program")]
    [InlineData("checks: [{name: x, run: [a]}, {name: X, run: [b]}]\n", "Two checks")]
    [InlineData("checks: [{name: x, kind: tests, run: [a]}]\n", "Did you mean 'test'?")]
    [InlineData("checks: [{name: x, kind: test, run: [dotnet, test]}]\n", "{results}")]
    [InlineData("checks: [{name: x, run: [a], folder: ../up}]\n", "'..'")]
    [InlineData("checks: [{name: x, run: [a], folder: $HOME}]\n", "nothing is expanded")]
    [InlineData("checks: [{name: x, run: [a], environment: {LD_PRELOAD: /x.so}}]\n", "LD_PRELOAD")]
    [InlineData("checks: [{name: x, run: [a], environment: {DOTNET_STARTUP_HOOKS: /x.dll}}]\n", "DOTNET_STARTUP_HOOKS")]
    [InlineData("dotnet: {projects: [/etc/passwd]}\n", "absolute")]
    [InlineData("dotnet: {projects: [~/a.csproj]}\n", "nothing is expanded")]
    [InlineData("dotnet: {projects: ['%TEMP%/a.csproj']}\n", "nothing is expanded")]
    [InlineData("dotnet: {framework: '-p:x'}\n", "no name")]
    [InlineData("dotnet: {properties: {'a;b': c}}\n", "MSBuild property")]
    [InlineData("protected-paths: ['${X}/a']\n", "nothing is expanded")]
    [InlineData("sandbox: {enabled: false}\n", "never runs outside the sandbox")]
    [InlineData("sandbox: {hosts: [a.example]}\n", "network.hosts")]
    [InlineData("- a\n", "map of fields")]
    public void A_slip_in_the_users_file_is_a_problem_and_not_a_guess(string text, string words) =>
        Assert.Contains(FromUser(text).Problems, p => p.Message.Contains(words, StringComparison.Ordinal));

    [Fact]
    public void An_empty_file_or_one_of_comments_says_nothing()
    {
        Assert.Empty(FromUser("").Problems);
        Assert.Empty(FromUser("# later\n").Problems);
    }

    [Theory]
    [InlineData("*.snk", "a/b/c.SNK", true)]
    [InlineData("build/", "build/x/y", true)]
    [InlineData("build/", "src/build/x", true)]
    [InlineData("src/build", "src/build/x", true)]
    [InlineData("src/build", "src/buildx", false)]
    [InlineData("src/**/Generated/*.cs", "src/Generated/a.cs", true)]
    [InlineData("src/**/Generated/*.cs", "src/a/b/Generated/a.cs", true)]
    [InlineData("src/**/Generated/*.cs", "lib/Generated/a.cs", false)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a/*", "a/b/c", true)]
    [InlineData("a/*.cs", "a/b/c.cs", false)]
    [InlineData("a.b", "axb", false)]
    [InlineData("**", "any/thing", true)]
    public void Patterns_match_as_documented(string pattern, string path, bool expected) =>
        Assert.Equal(expected, PathPattern.Parse(pattern).Matches(RepositoryPath.Parse(path)));

    [Fact]
    public void A_pattern_made_to_backtrack_takes_no_time() =>
        Assert.False(PathPattern.Parse(string.Concat(Enumerable.Repeat("*a", 40)) + "b").Matches(RepositoryPath.Parse(new string('a', 200))));
}
