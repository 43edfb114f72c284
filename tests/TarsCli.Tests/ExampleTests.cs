namespace TarsCli.Tests;

/// <summary>The example program does what its first lines say.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly CliFolder folder = new();

    public ExampleTests()
    {
        folder.Write("a.txt", "one\n");
        folder.Commit();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_example_starts_observes_pauses_and_ends_at_rest()
    {
        folder.Write("../new.yaml", "schema: tars/improvement/v1\ntitle: New\nedits:\n  - create: n.txt\n    content: n\n");
        var result = folder.RunProgram("ControlARun", folder.Codebase, Path.Combine(folder.Home, "new.yaml"));
        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("added      IMP-1 New", result.Answer, StringComparison.Ordinal);
        Assert.Contains("event      StageStarted", result.Answer, StringComparison.Ordinal);
        // Nothing proves it: a person must look.
        Assert.Contains("at rest    CTX-1 held", result.Answer, StringComparison.Ordinal);
        folder.Expect(0, "execute", "status", "--context-id", "CTX-1");
    }

    [Fact]
    public void The_example_cancels_a_run()
    {
        folder.Write("../slow.yaml", "schema: tars/improvement/v1\ntitle: Sleep\ncommand: [sleep, \"600\"]\n");
        var result = folder.RunProgram("ControlARun", folder.Codebase, Path.Combine(folder.Home, "slow.yaml"), "cancel");
        Assert.True(result.Code == 0, result.ToString());
        Assert.Contains("at rest    CTX-1 cancelled", result.Answer, StringComparison.Ordinal);
        Assert.Equal("", folder.Git("status", "--porcelain"));
    }
}
