using TarsEngine.Planning;

namespace TarsEngine.Tests.Journey;

/// <summary>'--tests': some of the tests are tried, and all of them before anything lands.</summary>
public sealed class SomeTestsTests : IDisposable
{
    private readonly JourneyFixture journey = new("{}", replaceChecks: true);

    public SomeTestsTests()
    {
        journey.Repository.Write("package.json", """{"name":"a","version":"1.0.0","scripts":{"test":"node --test"}}""");
        journey.Repository.Write("all.test.js", "const test = require('node:test'), assert = require('assert'), fs = require('fs');\ntest('a is short', () => assert.ok(fs.readFileSync('a.txt').length < 20));\ntest('b is there', () => assert.ok(!fs.readFileSync('a.txt', 'utf8').includes('gone')));\n");
        journey.Repository.Commit("tests");
    }

    public void Dispose() => journey.Dispose();

    [Fact]
    public async Task Some_tests_hold_and_their_approval_runs_all()
    {
        using var codebase = await journey.OpenAsync();

        var held = Assert.IsType<ExecutionOutcome.Held>(await Execute(codebase, "two"));
        Assert.Equal(1, held.Verdict.Tests?.Executed);
        Assert.Contains(held.Verdict.Findings, finding => finding.Rule == "tests/partial");
        var landed = await codebase.Execution.ApproveAsync(held.Context, "me", null, TestContext.Current.CancellationToken);

        Assert.Equal(2, Assert.IsType<ExecutionOutcome.Landed>(landed).Verdict.Tests?.Executed);
        Assert.Equal("two\n", journey.Repository.Read("a.txt"));
    }

    [Fact]
    public async Task Attack_what_breaks_only_tests_that_were_left_out_does_not_land()
    {
        using var codebase = await journey.OpenAsync();

        var held = Assert.IsType<ExecutionOutcome.Held>(await Execute(codebase, "gone"));
        var refused = await codebase.Execution.ApproveAsync(held.Context, "me", null, TestContext.Current.CancellationToken);

        Assert.Contains("b is there", Assert.Single(Assert.IsType<ExecutionOutcome.Failed>(refused).Findings, finding => finding.Rule == "tests/failed").Message, StringComparison.Ordinal);
        Assert.Equal("one\n", journey.Repository.Read("a.txt"));
    }

    private static Task<ExecutionOutcome> Execute(Codebase codebase, string content) =>
        codebase.Execution.ExecuteAsync(JourneyFixture.Replacing(codebase, "a.txt", content), new ExecutionOptions { TestNames = ["a is short"], ApproveWhenValid = true }, TestContext.Current.CancellationToken);
}
