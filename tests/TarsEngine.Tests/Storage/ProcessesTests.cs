using TarsEngine.Audit;
using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Storage;

/// <summary>What only real processes can show.</summary>
public sealed class ProcessesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Sixteen_processes_share_one_state_and_one_audit_chain()
    {
        const int processes = 16, entries = 6;
        var children = Enumerable.Range(0, processes).Select(_ => ChildProcessEntry.Start("append-audit", folder.Path, $"{entries}")).ToList();
        foreach (var child in children)
        {
            var errors = await child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await child.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal("", errors);
            Assert.Equal(0, child.ExitCode);
            child.Dispose();
        }
        using var database = StateDatabase.Open(State().Database, TimeProvider.System);
        var verification = new AuditTrailService(database, new FileSystem(), folder.File("user")).Verify();
        Assert.Empty(verification.Problems);
        Assert.Equal(processes * entries, verification.Entries);
    }

    [Fact]
    public async Task A_lock_names_its_holder_and_dies_with_it()
    {
        using var child = ChildProcessEntry.Start("hold-lock", folder.Path, "commit");
        Assert.Equal("held", await child.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var state = State();
        Assert.Null(state.TryAcquire("commit"));
        var told = new List<string>();
        var error = Assert.Throws<StateException>(() => state.Acquire("commit", TimeSpan.FromMilliseconds(50), told.Add));
        Assert.Equal(StateProblem.Busy, error.Problem);
        Assert.Contains($"process {child.Id}", error.Message, StringComparison.Ordinal);
        Assert.Contains($"process {child.Id}", Assert.Single(told), StringComparison.Ordinal);
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var free = state.Acquire("commit", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_run_is_cancelled_from_another_process_and_a_killed_one_is_found()
    {
        using var obedient = ChildProcessEntry.Start("run-context", folder.Path);
        var first = ContextId.Parse((await obedient.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        using var killed = ChildProcessEntry.Start("run-context", folder.Path);
        var second = ContextId.Parse((await killed.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!);
        var state = State();
        using var database = StateDatabase.Open(state.Database, TimeProvider.System);
        var store = new ExecutionContextStore(database, new(database, new FileSystem(), folder.File("user")));
        Assert.Empty(store.FindInterrupted(state));

        store.RequestControl(first, ControlRequest.Cancel, "parent");
        await obedient.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(ContextState.Cancelled, store.Get(first)!.State);
        killed.Kill();
        await killed.WaitForExitAsync(TestContext.Current.CancellationToken);
        var found = Assert.Single(store.FindInterrupted(state));
        Assert.Equal(second, found.Context.Id);
        found.Dispose();
    }

    private StateFolder State() => StateFolder.Create(folder.Path, null, new FileSystem());
}
