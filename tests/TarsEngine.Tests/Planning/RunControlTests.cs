using TarsEngine.Files;
using TarsEngine.Planning;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Planning;

public sealed class RunControlTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);
    private readonly StateFolder folder;
    private readonly StateDatabase database;
    private readonly ExecutionContextStore store;

    // As another process would have them: a connection of their own.
    private readonly StateDatabase otherDatabase;
    private readonly ExecutionContextStore other;

    public RunControlTests()
    {
        folder = StateFolder.Create(temp.Path, null, new FileSystem());
        database = StateDatabase.Open(folder.Database, TimeProvider.System);
        otherDatabase = StateDatabase.Open(folder.Database, TimeProvider.System);
        store = new(database, new(database, new FileSystem(), temp.File("user")));
        other = new(otherDatabase, new(otherDatabase, new FileSystem(), temp.File("user")));
    }

    public void Dispose()
    {
        database.Dispose();
        otherDatabase.Dispose();
        temp.Dispose();
    }

    [Fact]
    public async Task Another_process_pauses_resumes_and_cancels_a_run()
    {
        var (context, run) = store.Create(new(1), new(), "me", folder);
        using var control = new RunControl(store, context.Id, run, TimeProvider.System);
        await control.WaitWhilePaused();
        Assert.Equal(new ControlRequested(ContextState.Planning), other.RequestControl(context.Id, ControlRequest.Pause, "you"));
        while (!control.IsPaused) await Task.Delay(20);
        var wait = control.WaitWhilePaused();
        Assert.False(wait.IsCompleted);
        other.RequestControl(context.Id, ControlRequest.Resume, "you");
        await wait;
        other.RequestControl(context.Id, ControlRequest.Pause, "you");
        while (!control.IsPaused) await Task.Delay(20);
        wait = control.WaitWhilePaused();
        other.RequestControl(context.Id, ControlRequest.Cancel, "you");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        Assert.True(control.Cancellation.IsCancellationRequested);
        Assert.Null(control.Fault);
    }

    [Fact]
    public void A_cancel_is_not_taken_back_and_a_run_at_rest_takes_no_requests()
    {
        var (context, run) = store.Create(new(1), new(), "me", folder);
        run.Dispose();
        other.RequestControl(context.Id, ControlRequest.Cancel, "you");
        other.RequestControl(context.Id, ControlRequest.Resume, "you");
        Assert.Equal(ControlRequest.Cancel, store.ReadControl(context.Id));
        store.Advance(context.Id, [ContextState.Planning], ContextState.Cancelled, "me");
        Assert.Null(store.ReadControl(context.Id));
        Assert.Equal(new NotRunning(ContextState.Cancelled), other.RequestControl(context.Id, ControlRequest.Cancel, "you"));
        Assert.IsType<NoSuchContext>(other.RequestControl(new(77), ControlRequest.Cancel, "you"));
    }

    [Fact]
    public async Task Control_C_stops_a_paused_run_and_the_lock_is_let_go_at_the_end()
    {
        using var keyboard = new CancellationTokenSource();
        var (context, run) = store.Create(new(1), new(), "me", folder);
        using (var control = new RunControl(store, context.Id, run, TimeProvider.System, keyboard.Token))
        {
            Assert.Null(folder.TryAcquire(ExecutionContextStore.RunLock(context.Id)));
            other.RequestControl(context.Id, ControlRequest.Pause, "you");
            while (!control.IsPaused) await Task.Delay(20);
            var wait = control.WaitWhilePaused();
            await keyboard.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait);
        }
        using var free = folder.TryAcquire(ExecutionContextStore.RunLock(context.Id));
        Assert.NotNull(free);
    }

    [Fact]
    public async Task A_run_that_nobody_could_stop_any_more_stops_and_says_why()
    {
        var (context, run) = store.Create(new(1), new(), "me", folder);
        database.Write("damage", tx => tx.Execute("INSERT INTO controls(context, request, actor, time) VALUES($id, 'Explode', '', '')", ("$id", context.Id)));
        using var control = new RunControl(store, context.Id, run, TimeProvider.System);
        while (!control.Cancellation.IsCancellationRequested) await Task.Delay(20);
        Assert.IsType<StateException>(control.Fault);
    }

    [Fact]
    public async Task Gathered_events_keep_their_order_and_none_is_lost()
    {
        var (context, run) = store.Create(new(1), new(), "me", folder);
        using (run)
        using (var buffer = new EventBuffer(store, context.Id, TimeProvider.System))
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(t => Task.Run(() =>
            {
                for (var i = 0; i < 1000; i++) buffer.Add(new OutputWritten("out", $"{i}", $"{t}"));
            })));
        }
        var events = other.Events(context.Id).Select(e => (OutputWritten)e.Event).ToList();
        Assert.Equal(4000, events.Count);
        Assert.All(events.GroupBy(e => e.Source, StringComparer.Ordinal), g => Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"{i}"), g.Select(e => e.Text)));
    }

    [Fact]
    public void A_log_that_can_not_be_stored_is_not_lost_in_silence()
    {
        var (context, run) = store.Create(new(1), new(), "me", folder);
        run.Dispose();
        var buffer = new EventBuffer(store, context.Id, TimeProvider.System);
        buffer.Add(new LogWritten(LogLevel.Info, "x"));
        database.Dispose();
        Assert.Throws<ObjectDisposedException>(buffer.Flush);
    }
}
