using TarsEngine.Processes;
using TarsEngine.Sandbox;
using TarsEngine.Tests.Processes;

namespace TarsEngine.Tests.Sandbox;

public sealed class AbandonedSandboxesTests
{
    [Fact]
    public async Task A_sandbox_whose_owner_was_killed_while_it_started_is_found_and_ended()
    {
        var stuck = await StuckOfNobodyAsync();

        AbandonedSandboxes.Sweep();

        await ProcessTable.Gone(stuck);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task One_of_a_living_owner_or_of_another_namespace_is_left_alone(bool elsewhere)
    {
        var mark = elsewhere ? WithParts(space: "1", start: "1") : OwnerMark.New();
        await StartAndAbandonAsync(mark);
        var stuck = Assert.Single(ProcessTable.Having(mark));

        AbandonedSandboxes.Sweep();
        await Task.Delay(100, TestContext.Current.CancellationToken);

        Assert.True(ProcessTable.Runs(stuck));
        using var process = System.Diagnostics.Process.GetProcessById(int.Parse(stuck, System.Globalization.CultureInfo.InvariantCulture));
        process.Kill();
        await ProcessTable.Gone(stuck);
    }

    /// <summary>Another test's sandbox sweeps too, and can be quicker than we look: then another one.</summary>
    private static async Task<string> StuckOfNobodyAsync()
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var mark = WithParts(start: "1");
            await StartAndAbandonAsync(mark);
            if (ProcessTable.Having(mark) is [var stuck]) return stuck;
        }
        throw new InvalidOperationException("None was left behind.");
    }

    /// <summary>As when tarscli dies before it reads which process is the first one: bubblewrap dies of writing that, and its child waits for ever.</summary>
    private static async Task StartAndAbandonAsync(string mark)
    {
        var (reader, writer) = Descriptors.Pipe(weRead: true);
        reader.Dispose();
        using (writer)
        {
            // In a session of its own: the process group of what we start is ended with it.
            var result = await ChildProcess.RunAsync(new ChildCommand("/usr/bin/setsid",
                ["--wait", "/usr/bin/bwrap", .. AbandonedSandboxes.Mark(mark), "--unshare-user", "--unshare-pid", "--die-with-parent", "--new-session", "--info-fd", "3", "--ro-bind", "/usr", "/usr", "/usr/bin/true"])
                { Descriptors = [writer] }, TestContext.Current.CancellationToken);
            Assert.False(result.Succeeded);
        }
    }

    private static string WithParts(string? space = null, string? start = null)
    {
        var parts = OwnerMark.New().Split('-');
        return string.Join('-', "tars", space ?? parts[1], parts[2], start ?? parts[3], parts[4]);
    }
}
