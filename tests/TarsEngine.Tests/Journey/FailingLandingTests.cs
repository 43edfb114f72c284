using System.Diagnostics;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Journey;

/// <summary>A landing whose disk fails at any one call: what the state says afterwards is what stands in the codebase.</summary>
public sealed class FailingLandingTests : IDisposable
{
    private readonly JourneyFixture journey = new();
    private readonly TempFolder kept = new();

    public void Dispose()
    {
        journey.Dispose();
        kept.Dispose();
    }

    [Fact]
    public async Task A_landing_that_breaks_behind_its_commit_is_told_by_what_stands_in_the_codebase()
    {
        using (var first = await journey.OpenAsync())
            Assert.IsType<ExecutionOutcome.AwaitingReview>(await JourneyFixture.ReplaceAsync(first, "a.txt", "two", land: false));
        await CopyAsync(journey.Root, kept.File("start"));
        var (landed, refused, broke) = (0, 0, 0);
        for (var at = 0; ; at++)
        {
            await CopyAsync(kept.File("start"), journey.Root);
            var disk = new OneFailure(at);
            if (await ApproveAsync(disk)) broke++;
            if (disk.Where is null) break;

            using var next = await journey.OpenAsync();
            var context = next.Contexts.List()[0];
            var stands = journey.Repository.Read("a.txt") == "two\n";
            Assert.True(stands || journey.Repository.Read("a.txt") == "one\n", disk.Where);
            var improvement = next.Improvements.Get(context.Improvement)!.State;
            Assert.True(context.State == ContextState.Landed == stands, $"{disk.Where}: stands {stands}, said {context.State}");
            Assert.True(improvement == ImprovementState.Landed == stands, $"{disk.Where}: stands {stands}, said {improvement}");
            Assert.False(context.State.IsRunning(), disk.Where);
            if (stands) landed++;
            else refused++;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{landed} landed, {refused} did not, {broke} broke");
        Assert.True(landed > 3 && refused > 3 && broke > 3);
    }

    /// <summary>True when it broke.</summary>
    private async Task<bool> ApproveAsync(OneFailure disk)
    {
        journey.Seams = disk;
        try
        {
            using var codebase = await journey.OpenAsync();
            disk.Armed = true;
            await codebase.Execution.ApproveAsync(codebase.Contexts.List()[0].Id, "reviewer", null);
            return false;
        }
        catch (Exception broken) when (broken is IOException or StateException or RecoveryNeededException)
        {
            return true;
        }
        finally
        {
            journey.Seams = null;
        }
    }

    private static async Task CopyAsync(string from, string to)
    {
        using var copy = Process.Start("sh", ["-c", "rm -rf -- \"$2\" && cp -a -- \"$1\" \"$2\"", "sh", from, to]);
        await copy.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, copy.ExitCode);
    }

    /// <summary>Fails the n-th call of one kind in a row: each file system call that changes something, each commit of the database.</summary>
    private sealed class OneFailure(int at) : ISeamObserver
    {
        private int left = at;

        public bool Armed { get; set; }

        public string? Where { get; private set; }

        public void Before(SeamCall call)
        {
            if (!Armed || Where is not null || !(call.Mutates && call.Target.StartsWith('/')) && call.Operation != "commit") return;
            if (left-- > 0) return;
            Where = $"{call.Operation} {call.Target}";
            throw new FileSystemException(call.Operation, call.Target, Errno.InputOutput);
        }

        public void After(SeamCall call)
        {
        }
    }
}
