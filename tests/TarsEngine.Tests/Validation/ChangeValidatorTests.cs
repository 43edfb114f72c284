using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Planning;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation;

public sealed class ChangeValidatorTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    private static TarsConfiguration User(string text)
    {
        var loaded = ConfigurationLoader.Load(text, null);
        Assert.Empty(loaded.Problems);
        return loaded.Configuration;
    }

    private static string Say(Verdict verdict) => string.Join('\n', verdict.Findings.Select(f => $"{f.Severity} {f.Rule} {f.Path}:{f.Line} {f.Message}"));

    [Fact]
    public async Task A_good_change_passes_by_its_own_tests_and_its_run_is_the_next_baseline()
    {
        var change = fixture.Change("src/New.cs", "namespace Greeter; public static class New;\n");
        var (verdict, _) = await fixture.ValidateAsync(change);
        Assert.True(verdict.Outcome == VerdictOutcome.Pass, Say(verdict));
        Assert.True(verdict.Proven);
        // Two, and not three: the report that lies in the tree is not read.
        Assert.Equal(new TestFigures(2, 2, 0, 0), verdict.Tests);
        Assert.Equal(verdict.Tests, verdict.Baseline);

        var landed = new ChangeSet([change]).ApplyTo(fixture.Base);
        Assert.Equal(landed.Hash, verdict.ResultTree);
        var (next, events) = await fixture.ValidateAsync(landed, TarsConfiguration.Default, fixture.Change("src/New.cs", null, landed));
        Assert.Equal(VerdictOutcome.Pass, next.Outcome);
        Assert.Contains(events, e => e is LogWritten { Text: var text } && text.Contains("tried before", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_change_that_parses_and_does_not_compile_fails_with_file_and_line()
    {
        var (verdict, _) = await fixture.ValidateAsync(fixture.Replace("src/Greeting.cs", "+ name +", "+ nme +"));
        Assert.Equal(VerdictOutcome.Fail, verdict.Outcome);
        Assert.Null(verdict.Tests);
        var finding = verdict.Findings.First(f => f.Severity == Severity.Error);
        Assert.Equal(("semantic/CS0103", "src/Greeting.cs", 4), (finding.Rule, finding.Path?.Value, finding.Line));
    }

    [Fact]
    public async Task A_change_that_breaks_a_test_fails_with_its_name()
    {
        var (verdict, events) = await fixture.ValidateAsync(fixture.Replace("src/Greeting.cs", "\"Hello, \"", "\"Goodbye, \""));
        Assert.Equal(VerdictOutcome.Fail, verdict.Outcome);
        Assert.Contains("GreetingTests.Greets fails with the change and not without", Assert.Single(verdict.Findings, f => f.Severity == Severity.Error).Message, StringComparison.Ordinal);
        Assert.Equal(new TestFigures(2, 1, 1, 0), verdict.Tests);
        Assert.Contains(events, e => e is TestFiguresReported { Run: "change", Failed: 1 });
    }

    [Fact]
    public async Task A_pinned_sdk_that_is_not_here_is_named_and_is_not_the_changes_fault()
    {
        var tree = fixture.Tree(
            ("global.json", """{"sdk": {"version": "99.0.100", "rollForward": "disable"}}"""),
            ("a.csproj", """<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup></Project>"""));
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, fixture.Change("a.cs", "class A;", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Hold, Say(verdict));
        Assert.Contains("99.0.100", Assert.Single(verdict.Findings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_syntax_error_ends_it_before_anything_is_run()
    {
        var (verdict, events) = await fixture.ValidateAsync(fixture.Replace("src/Greeting.cs", "\"!\";", "\"!\""));
        Assert.Equal((VerdictOutcome.Fail, "syntax/csharp"), (verdict.Outcome, verdict.Findings[0].Rule));
        Assert.Equal(["syntax"], events.OfType<StageStarted>().Select(s => s.Stage));
    }

    [Fact]
    public async Task A_folder_of_text_is_held_unless_the_user_lets_unproven_changes_pass()
    {
        var tree = fixture.Tree(("a.txt", "one"));
        var change = fixture.Change("a.txt", "two", tree);
        var (verdict, _) = await fixture.ValidateAsync(tree, TarsConfiguration.Default, change);
        Assert.Equal((VerdictOutcome.Hold, false, "checks/none"), (verdict.Outcome, verdict.Proven, verdict.Findings[0].Rule));
        (verdict, _) = await fixture.ValidateAsync(tree, User("checks: []\nallow: {unproven: true}"), change);
        Assert.Equal((VerdictOutcome.Pass, false), (verdict.Outcome, verdict.Proven));
    }

    [Fact]
    public async Task The_users_own_command_proves_by_its_exit_code_and_the_codebases_only_refuses()
    {
        var tree = fixture.Tree(("a.txt", "one"));
        const string Checks = "checks: [{name: grep, run: [grep, -q, good, a.txt]}]";
        var (good, bad) = (fixture.Change("a.txt", "good", tree), fixture.Change("a.txt", "bad", tree));
        // The base fails it, too: nothing can be learned.
        Assert.Equal(VerdictOutcome.Hold, (await fixture.ValidateAsync(tree, User(Checks), good)).Verdict.Outcome);
        var sound = fixture.Tree(("a.txt", "good, too"));
        (good, bad) = (fixture.Change("a.txt", "good", sound), fixture.Change("a.txt", "bad", sound));
        var (verdict, _) = await fixture.ValidateAsync(sound, User(Checks), good);
        Assert.Equal((VerdictOutcome.Pass, true), (verdict.Outcome, verdict.Proven));
        Assert.Equal(VerdictOutcome.Fail, (await fixture.ValidateAsync(sound, User(Checks), bad)).Verdict.Outcome);

        var own = ConfigurationLoader.Load(null, Checks).Configuration;
        (verdict, _) = await fixture.ValidateAsync(sound, own, good);
        Assert.Equal((VerdictOutcome.Hold, "checks/unproven"), (verdict.Outcome, verdict.Findings[^1].Rule));
        Assert.Equal(VerdictOutcome.Fail, (await fixture.ValidateAsync(sound, own, bad)).Verdict.Outcome);
    }

    [Theory]
    [InlineData("exit 1; echo", "All tests passed")]
    [InlineData("true", "Failed: 0, Passed: 10")]
    public async Task Words_do_not_replace_a_report(string script, string words)
    {
        var tree = fixture.Tree(("a.txt", "one"), ("results.trx", "<TestRun/>"));
        var check = User($"checks: [{{name: t, kind: test, run: [sh, -c, 'echo {words}; {script}', '{{results}}']}}]");
        Assert.NotEqual(VerdictOutcome.Pass, (await fixture.ValidateAsync(tree, check, fixture.Change("a.txt", "two", tree))).Verdict.Outcome);
    }

    [Fact]
    public async Task A_command_that_hangs_is_ended_and_refuses()
    {
        var tree = fixture.Tree(("go", "true\n"));
        var check = User("checks: [{name: t, run: [sh, go], timeout: 3s}]");
        var (verdict, _) = await fixture.ValidateAsync(tree, check, fixture.Change("go", "sleep 600\n", tree));
        Assert.Equal((VerdictOutcome.Fail, "check/limit"), (verdict.Outcome, verdict.Findings[^1].Rule));
    }

    [Fact]
    public async Task What_was_ignored_in_the_codebases_file_is_a_finding()
    {
        var tree = fixture.Tree(("a.txt", "one"));
        var loaded = ConfigurationLoader.Load("allow: {unproven: true}", "sandbox: {enabled: false}");
        var (verdict, _) = await fixture.ValidateAsync(tree, loaded.Configuration, loaded.Notices, fixture.Change("a.txt", "two", tree));
        Assert.Equal((VerdictOutcome.Pass, "config/loosens"), (verdict.Outcome, verdict.Findings[0].Rule));
    }

    private const string Once = "if [ -e ran ]; then PASS\nelse\ntouch ran\nFAIL\nexit 1\nfi\n";

    private static string Script(string text) => text.Replace("PASS", Trx("Passed"), StringComparison.Ordinal).Replace("FAIL", Trx("Failed"), StringComparison.Ordinal);

    private static string Trx(string outcome) =>
        $"echo '<TestRun><Results><UnitTestResult testName=\"T\" testId=\"1\" outcome=\"{outcome}\"/></Results><ResultSummary><Counters total=\"1\"/></ResultSummary></TestRun>' > $1/r.trx";

    private static TarsConfiguration ScriptCheck() => User("checks: [{name: t, kind: test, run: [sh, go, '{results}']}]");

    [Fact]
    public async Task A_flaky_test_is_told_from_a_broken_one_and_is_not_excused_later()
    {
        // The first run of the changed tree fails, the second passes.
        var tree = fixture.Tree(("go", Script("PASS\n")));
        var flip = fixture.Change("go", Script(Once), tree);
        var (verdict, _) = await fixture.ValidateAsync(tree, ScriptCheck(), flip);
        Assert.True(verdict.Outcome == VerdictOutcome.Pass, Say(verdict));
        Assert.Equal("tests/flaky", verdict.Findings[^1].Rule);

        var flaky = new ChangeSet([flip]).ApplyTo(tree);
        (verdict, _) = await fixture.ValidateAsync(flaky, ScriptCheck(), fixture.Change("go", Script("FAIL\nexit 1\n"), flaky));
        Assert.Equal((VerdictOutcome.Fail, "tests/failed"), (verdict.Outcome, verdict.Findings[^1].Rule));
        Assert.Equal("baseline/flaky", verdict.Findings[^2].Rule);
    }

    [Fact]
    public async Task A_test_that_is_red_without_the_change_does_not_refuse_it()
    {
        var tree = fixture.Tree(("go", Script("FAIL\nexit 1\n")));
        var (verdict, _) = await fixture.ValidateAsync(tree, ScriptCheck(), fixture.Change("a.txt", "x", tree));
        Assert.True(verdict.Outcome == VerdictOutcome.Pass, Say(verdict));
        Assert.Equal((Severity.Warning, "baseline/red"), (verdict.Findings[0].Severity, verdict.Findings[0].Rule));
    }
}
