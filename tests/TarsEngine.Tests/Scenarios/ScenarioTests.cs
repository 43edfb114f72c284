using TarsEngine.Files;

namespace TarsEngine.Tests.Scenarios;

/// <summary>Every folder of tests/Scenarios comes to its stated outcome, and the codebase itself is untouched.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Names => [.. Scenario.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Comes_to_its_outcome(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var run = new ScenarioRun();
        var scenario = new Scenario(Path.Combine(Scenario.Root, name));
        scenario.MakeInput(run.Codebase);
        var before = await run.CaptureAsync(run.Codebase, cancellation);

        var result = await run.RunAsync(scenario, cancellation);

        Assert.True(scenario.Outcome == result.Outcome, $"{name}: expected {scenario.Outcome}, came to {result.Outcome}:\n{result.Said}");
        foreach (var said in scenario.Said) Assert.Contains(said, result.Said, StringComparison.Ordinal);
        Assert.Equal(before.Hash, (await run.CaptureAsync(run.Codebase, cancellation)).Hash);
        if (result.Outcome is not ("applies" or "finding")) return;
        Assert.True(scenario.MakeExpected(run.Expected), $"{name} lands, but says nowhere as what: it needs 'expected/' or 'expected.sh'.");
        Assert.Equal(Describe(await run.CaptureAsync(run.Expected, cancellation)), Describe(result.Tree!));
    }

    // Git carries one permission bit; the others are the checkout's.
    private static List<string> Describe(TreeSnapshot tree) =>
        [.. tree.Entries.Select(e => $"{e.Key} {e.Value.Kind} {(e.Value.IsExecutable ? "x" : "-")} {e.Value.Hash}")];
}
