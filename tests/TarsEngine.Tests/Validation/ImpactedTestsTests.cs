using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Tests.Sandbox;
using TarsEngine.Terminal;
using TarsEngine.Validation;
using TarsEngine.Validation.Checks;

namespace TarsEngine.Tests.Validation;

/// <summary>Tests that are named for what a change touches can refuse it before the others have run.</summary>
public sealed class ImpactedTestsTests : IDisposable
{
    private readonly SandboxFixture sandbox = new();

    public void Dispose() => sandbox.Dispose();

    private TreeSnapshot Tree(string alpha) => sandbox.Tree(
        ("setup.py", "from setuptools import setup\nsetup(name='a')\n"),
        ("alpha.py", $"def value():\n    return {alpha}\n"),
        ("tests/test_alpha.py", "import unittest, alpha\n\n\nclass AlphaTests(unittest.TestCase):\n    def test_value(self):\n        self.assertEqual(1, alpha.value())\n"),
        ("tests/test_other.py", "import unittest\n\n\nclass OtherTests(unittest.TestCase):\n    def test_a(self):\n        pass\n\n    def test_b(self):\n        pass\n"));

    private CheckPlan PlanOf(TreeSnapshot tree) => CheckPlanner.Plan(TarsConfiguration.Default, tree, sandbox.Content.Read);

    private static CheckRun Took(CheckRun run, TimeSpan time) => run with { Checks = [.. run.Checks.Select(check => check with { Duration = time })] };

    private async Task<CheckRun> RunAsync(TreeSnapshot tree, CheckPlan plan)
    {
        using var workspace = sandbox.Factory.Create(tree, sandbox.Content, "impacted");
        return await new TestExecutor(new TerminalExecutor(sandbox.Environment, sandbox.State), sandbox.Files, TimeProvider.System).RunAsync(workspace, plan, _ => { }, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task They_run_first_and_their_failure_ends_the_run()
    {
        var (before, good, bad) = (Tree("1"), Tree("2 - 1"), Tree("2"));
        var onBase = Took(await RunAsync(before, PlanOf(before)), TimeSpan.FromMinutes(1));
        var first = ImpactedTests.Of(ChangeSet.Between(before, bad), PlanOf(bad), onBase);
        Assert.Equal(["alpha"], Assert.Single(first!.Parts).Value);

        var run = await RunAsync(bad, PlanOf(bad) with { First = first });
        Assert.True(run.IsPart);
        Assert.Equal(1, run.Figures!.Total);
        var findings = VerdictJudge.JudgeChange(onBase, run, new HashSet<string>(StringComparer.Ordinal), TarsConfiguration.Default);
        Assert.Equal(["tests/failed"], findings.Select(finding => finding.Rule));

        run = await RunAsync(good, PlanOf(good) with { First = first });
        Assert.False(run.IsPart);
        Assert.Equal(3, run.Figures!.Total);
    }

    [Fact]
    public async Task A_quick_suite_and_a_change_that_no_test_is_named_for_run_as_they_are()
    {
        var (before, after) = (Tree("1"), Tree("2"));
        var run = await RunAsync(before, PlanOf(before));
        Assert.Null(ImpactedTests.Of(ChangeSet.Between(before, after), PlanOf(after), Took(run, TimeSpan.FromSeconds(1))));
        Assert.Null(ImpactedTests.Of(ChangeSet.Between(before, sandbox.Tree(("setup.py", "x"))), PlanOf(after), Took(run with { Checks = [] }, TimeSpan.FromMinutes(1))));
    }
}
