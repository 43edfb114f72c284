using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation;

namespace TarsEngine.Tests.Validation.Tampering;

/// <summary>The base's tests on the changed sources, in the sandbox: a small runner of two tests, and once a real one.</summary>
public sealed class BaseTestsRunTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    // Each file below 'tests' is a test: it passes when the code holds what it asks for.
    private const string Runner = """
        total=0; bad=0
        { echo '<TestRun><Results>'
        for t in tests/test_*.py; do
          total=$((total+1)); o=Passed; grep -q "$(tail -1 $t)" code || { o=Failed; bad=1; }
          echo "<UnitTestResult testName=\"$t\" testId=\"$t\" outcome=\"$o\"/>"
        done
        echo "</Results><ResultSummary><Counters total=\"$total\"/></ResultSummary></TestRun>"; } > $1/r.trx
        exit $bad
        """;

    private readonly TreeSnapshot tree = fixture.Tree(("go", Runner), ("code", "one two\n"), ("tests/test_a.py", "one\n"), ("tests/test_b.py", "two\n"));

    private static readonly TarsConfiguration Configuration = ConfigurationLoader.Load("checks: [{name: t, kind: test, run: [sh, go, '{results}']}]", null).Configuration;

    private async Task<Verdict> ValidateAsync(params (string Path, string? Text)[] files) =>
        (await fixture.ValidateAsync(tree, Configuration, [.. files.Select(f => fixture.Change(f.Path, f.Text, tree))])).Verdict;

    private static Finding Only(Verdict verdict, string rule) => Assert.Single(verdict.Findings, f => f.Rule == rule);

    [Fact]
    public async Task Attack_a_test_that_is_edited_to_fit_a_wrong_change_is_held()
    {
        var verdict = await ValidateAsync(("code", "one three\n"), ("tests/test_b.py", "three\n"));
        Assert.Equal(VerdictOutcome.Hold, verdict.Outcome);
        Assert.Contains("tests/test_b.py", Only(verdict, "tests/base-form-fails").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_a_test_that_is_removed_because_it_would_fail_is_held_and_named()
    {
        var verdict = await ValidateAsync(("code", "one\n"), ("tests/test_b.py", null));
        Assert.Equal(VerdictOutcome.Hold, verdict.Outcome);
        Assert.Contains("tests/test_b.py", Only(verdict, "tests/base-form-fails").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_test_that_was_left_alone_and_fails_refuses() =>
        Assert.Equal(VerdictOutcome.Fail, (await ValidateAsync(("code", "one three\n"), ("tests/test_c.py", "three\n"))).Outcome);

    [Fact]
    public async Task An_edit_whose_base_form_passes_lands()
    {
        var verdict = await ValidateAsync(("code", "one two three\n"), ("tests/test_b.py", "# also\nthree\n"));
        Assert.True(verdict.Outcome == VerdictOutcome.Pass, TamperingGround.Say(verdict.Findings));
        Assert.Contains("2 passed", Only(verdict, "tests/base-form-passes").Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attack_both_forms_of_an_edited_test_are_shown_and_what_no_longer_compiles_is_told()
    {
        // One file asks for the old name, the other for the old behaviour.
        var tests = fixture.Text("test/GreetingTests.cs");
        var old = tests.Replace("GreetingTests", "OldTests", StringComparison.Ordinal).Replace("Greeting.For", "Greeting.Old", StringComparison.Ordinal);
        var code = fixture.Text("src/Greeting.cs");
        var both = code.Replace("    public static string For", "    public static string Old(string name) => For(name);\n    public static string For", StringComparison.Ordinal);
        var grown = new ChangeSet([fixture.Change("src/Greeting.cs", both), fixture.Change("test/OldTests.cs", old)]).ApplyTo(fixture.Base);
        var (verdict, _) = await fixture.ValidateAsync(grown, TarsConfiguration.Default,
            fixture.Change("src/Greeting.cs", code.Replace("Hello, ", "Goodbye, ", StringComparison.Ordinal), grown),
            fixture.Change("test/GreetingTests.cs", tests.Replace("Hello, ", "Goodbye, ", StringComparison.Ordinal), grown),
            fixture.Change("test/OldTests.cs", old.Replace("Greeting.Old", "Greeting.For", StringComparison.Ordinal).Replace("Hello, ", "Goodbye, ", StringComparison.Ordinal), grown));
        Assert.True(verdict.Outcome == VerdictOutcome.Hold, TamperingGround.Say(verdict.Findings));
        Assert.Equal("test/OldTests.cs", Only(verdict, "tests/base-form-unbuilt").Path?.Value);
        var failed = Only(verdict, "tests/base-form-fails");
        Assert.Contains("Assert.Equal(\"Hello, Ada!\"", failed.Message, StringComparison.Ordinal);
        Assert.Contains("Assert.Equal(\"Goodbye, Ada!\"", failed.Message, StringComparison.Ordinal);
        Assert.Equal("test/GreetingTests.cs", failed.Path?.Value);
    }
}
