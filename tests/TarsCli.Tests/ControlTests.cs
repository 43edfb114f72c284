using System.Diagnostics;

namespace TarsCli.Tests;

/// <summary>A long run, watched and stopped from other processes and by signals.</summary>
public sealed class ControlTests : IDisposable
{
    private readonly CliFolder folder = new();

    public ControlTests()
    {
        folder.Configure("allow: { unproven: true }\n");
        folder.Write("a.txt", "one\n");
        folder.Commit();
        folder.Write("../slow.yaml", "schema: tars/improvement/v1\ntitle: Sleep\ncommand:\n  run: [sleep, \"600\"]\n  timeout: 20m\n");
        folder.Expect(0, "improve", "add", "../slow.yaml");
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_is_monitored_and_cancelled_from_another_process()
    {
        using var run = folder.Start("execute", "improvement", "--id", "IMP-1");
        await UntilStagingAsync(run);
        var watched = folder.Expect(9, "execute", "monitor", "--context-id", "CTX-1", "--interval", "1", "--timeout", "1");
        Assert.Contains("CTX-1  staging", watched.Answer, StringComparison.Ordinal);
        Assert.Contains("CTX-1 is still staging after 1 seconds", watched.Talk, StringComparison.Ordinal);
        Assert.Contains("cancelled", folder.Expect(0, "execute", "cancel", "--context-id", "CTX-1").Answer, StringComparison.Ordinal);
        await run.WaitForExitAsync();
        Assert.Equal(130, run.ExitCode);
        folder.Expect(130, "execute", "monitor", "--context-id", "CTX-1");
        folder.Expect(4, "execute", "cancel", "--context-id", "CTX-1");
        AssertSettled();
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    public async Task A_signal_cancels_the_run_and_settles_it(string signal)
    {
        using var run = folder.Start("execute", "improvement", "--id", "IMP-1");
        await UntilStagingAsync(run);
        await KillAsync(run, signal);
        await run.WaitForExitAsync();
        Assert.Equal(130, run.ExitCode);
        Assert.Contains("cancelled", folder.Expect(0, "execute", "status").Answer, StringComparison.Ordinal);
        AssertSettled();
    }

    [Fact]
    public async Task A_killed_run_is_settled_by_the_next_command_which_says_so()
    {
        using var run = folder.Start("execute", "improvement", "--id", "IMP-1");
        await UntilStagingAsync(run);
        run.Kill();
        await run.WaitForExitAsync();
        Assert.Contains("CTX-1", folder.Expect(0, "recover").Talk, StringComparison.Ordinal);
        Assert.Equal("Nothing to recover.\n", folder.Expect(0, "recover").Answer);
        AssertSettled();
    }

    private void AssertSettled()
    {
        Assert.Equal("", folder.Git("status", "--porcelain"));
        Assert.Empty(Directory.GetFileSystemEntries(folder.File(".git/tars/workspaces")));
        Assert.Contains("Sleep", folder.Expect(0, "improve", "list").Answer, StringComparison.Ordinal);
        folder.Expect(0, "audit", "verify");
    }

    private async Task UntilStagingAsync(Process run)
    {
        _ = run.StandardOutput.ReadToEndAsync();
        _ = run.StandardError.ReadToEndAsync();
        while (!folder.Run("execute", "status").Answer.Contains("staging", StringComparison.Ordinal))
        {
            Assert.False(run.HasExited, "The run ended before its step began.");
            await Task.Delay(100);
        }
    }

    private static async Task KillAsync(Process run, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, run.Id.ToString()]);
        await kill.WaitForExitAsync();
    }
}
