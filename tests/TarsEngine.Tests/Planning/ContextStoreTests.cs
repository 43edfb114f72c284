using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Storage;
using TarsEngine.Tests.Storage;

namespace TarsEngine.Tests.Planning;

public sealed class ContextStoreTests : IDisposable
{
    private static readonly ContentHash Some = ContentHash.Of("some"u8);
    private readonly TempFolder temp = new(inMemory: true);
    private readonly StateFolder folder;
    private readonly StateDatabase database;
    private readonly AuditTrailService audit;
    private readonly ExecutionContextStore store;

    public ContextStoreTests()
    {
        folder = StateFolder.Create(temp.Path, null, new FileSystem());
        database = StateDatabase.Open(folder.Database, TimeProvider.System);
        audit = new(database, new FileSystem(), temp.File("user"));
        store = new(database, audit);
    }

    public void Dispose()
    {
        database.Dispose();
        temp.Dispose();
    }

    [Fact]
    public void A_context_comes_back_as_it_was_saved()
    {
        var options = new ExecutionOptions { DryRun = true, Backup = false, OutputFolder = "out put", Base = "HEAD" };
        var (context, run) = store.Create(new(12), options, "me", folder);
        using (run)
        {
            Assert.Equal("CTX-1", context.Id.ToString());
            Assert.Equal((ContextState.Planning, true, options), (context.State, context.DryRun, context.Options));
            // A name that is not UTF-8, a symlink, a rename, a deletion.
            var odd = RepositoryPath.FromBytes([(byte)'o', 0xff, (byte)'\n']);
            var parts = new List<NamedChange>
            {
                new("first", new([new(odd, null, new(EntryKind.File, 0b111_101_101, Some, 4), RepositoryPath.Parse("old"))])),
                new("second", new([
                    new(RepositoryPath.Parse("link"), null, new(EntryKind.Symlink, FileState.SymlinkMode, Some, 4)),
                    new(RepositoryPath.Parse("gone"), new(EntryKind.File, 0b110_100_100, Some, 4), null)])),
            };
            store.SaveChanges(context.Id, parts, baseTree: Some, resultTree: ContentHash.Empty);
            store.SaveVerdict(context.Id, """{"outcome":"pass"}""");
            var read = store.Get(context.Id)!;
            Assert.Equal(parts.Select(p => (p.Name, p.Changes.Hash)), read.Parts.Select(p => (p.Name, p.Changes.Hash)));
            Assert.Equal("old", read.Parts[0].Changes[0].RenamedFrom!.Value.Value);
            Assert.Equal(NamedChange.Net(parts).Hash, read.Changes!.Hash);
            Assert.Equal((Some, ContentHash.Empty), (read.BaseTree, read.ResultTree));
            Assert.Equal("""{"outcome":"pass"}""", read.Verdict);
        }
        Assert.Null(store.Get(new(99)));
        Assert.Equal([context.Id], store.List(new ImprovementId(12)).Select(c => c.Id));
        Assert.Empty(store.List(new ImprovementId(13)));
    }

    [Fact]
    public void Only_one_of_two_who_move_a_context_succeeds()
    {
        var id = Begin();
        Assert.IsType<Advanced>(store.Advance(id, [ContextState.Planning], ContextState.Staging, "one"));
        var late = Assert.IsType<NotAsExpected>(store.Advance(id, [ContextState.Planning], ContextState.Cancelled, "two", new() { Error = "late" }));
        Assert.Equal(ContextState.Staging, late.Found);
        Assert.Null(store.Get(id)!.Error);
    }

    [Fact]
    public async Task A_hundred_movers_at_once_move_it_once_each_step()
    {
        var id = Begin();
        ContextState[] way = [ContextState.Planning, ContextState.Staging, ContextState.Validating, ContextState.AwaitingReview, ContextState.Committing, ContextState.Landed];
        for (var i = 1; i < way.Length; i++)
        {
            var from = way[i - 1];
            var to = way[i];
            var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(n => Task.Run(() =>
            {
                using var own = StateDatabase.Open(folder.Database, TimeProvider.System);
                return new ExecutionContextStore(own, new(own, new FileSystem(), temp.File("user"))).Advance(id, [from], to, $"mover {n}");
            })));
            Assert.Single(results.OfType<Advanced>());
        }
        Assert.Equal(way[1..], store.Events(id).Select(e => ((StateChanged)e.Event).To));
        Assert.True(audit.Verify().IsIntact);
    }

    [Fact]
    public void States_that_somebody_asks_about_later_are_audited_with_their_reason()
    {
        var id = Begin();
        store.Advance(id, [ContextState.Planning], ContextState.Staging, "me");
        store.Advance(id, [ContextState.Staging], ContextState.Failed, "me", new() { Error = "step 'a' failed" });
        var entries = audit.List(id.ToString()).Select(r => r.Entry).ToList();
        Assert.Equal(["execution-started", "execution-failed"], entries.Select(e => e.Action));
        Assert.Equal("step 'a' failed", entries[1].Details["error"]);
    }

    [Fact]
    public void A_kill_at_any_point_leaves_state_event_and_audit_together()
    {
        var id = Begin();
        for (var at = 0; ; at++)
        {
            var killed = true;
            var observer = new KillAt(at);
            try
            {
                using var own = StateDatabase.Open(folder.Database, TimeProvider.System, observer);
                new ExecutionContextStore(own, new(own, new FileSystem(observer), temp.File("user"))).Advance(id, [ContextState.Planning], ContextState.Cancelled, "me");
                killed = false;
            }
            catch (KilledException)
            {
            }
            var moved = store.Get(id)!.State == ContextState.Cancelled;
            Assert.Equal(moved ? 1 : 0, store.Events(id).Count);
            Assert.Equal(moved ? 2 : 1, audit.List(id.ToString()).Count);
            Assert.Empty(audit.Verify().Problems);
            if (moved) id = Begin();
            if (!killed) break;
        }
    }

    [Fact]
    public void A_plan_is_durable_to_the_step()
    {
        var id = Begin();
        var plan = new ExecutionPlan(new(1),
        [
            Step("edit", new EditAction([new DeleteEdit(RepositoryPath.FromBytes([0xfe, (byte)'x']))]), 0, [RepositoryPath.FromBytes([0xfe, (byte)'x'])]),
            Step("run", new CommandAction(["dotnet", "build"], RepositoryPath.Parse("src"), TimeSpan.FromSeconds(9), new Dictionary<string, string> { ["A"] = "b" }), 1, null, "edit"),
        ]);
        store.SavePlan(id, plan);
        store.SetStep(id, "edit", StepState.Running);
        store.SetStep(id, "edit", StepState.Done);
        store.SetStep(id, "run", StepState.Running);
        store.SetStep(id, "run", StepState.Failed, "exit code 1");

        var read = store.Plan(id)!;
        Assert.Equal(["edit", "run"], read.Steps.Select(s => s.Id));
        Assert.Equal([StepState.Done, StepState.Failed], read.Steps.Select(s => s.State));
        Assert.Equal("exit code 1", read.Steps[1].Error);
        Assert.Equal(2, read.Waves.Count);
        Assert.Equal(plan.Steps[0].Rollback.Paths, read.Steps[0].Rollback.Paths);
        Assert.Null(read.Steps[1].Rollback.Paths);
        Assert.Equal(["dotnet", "build"], Assert.IsType<CommandAction>(read.Steps[1].Action).Arguments);
        Assert.True(read.Steps[0].Started <= read.Steps[0].Finished);
        Assert.Equal((1, 2), (store.Get(id)!.StepsDone, store.Get(id)!.StepsTotal));
        Assert.Equal(["StepStarted", "StepFinished", "StepStarted", "StepFinished"], store.Events(id).Select(e => e.Event.GetType().Name));
        Assert.Throws<ArgumentException>(() => store.SetStep(id, "nowhere", StepState.Done));
    }

    [Fact]
    public void Every_kind_of_event_comes_back_whole_and_in_order()
    {
        var id = Begin();
        var path = RepositoryPath.FromBytes([0xff]);
        ExecutionEvent[] events =
        [
            new StageStarted("plan"), new OutputWritten("err", "tab\t \u0000 \ud83d\ude00 \ud800 end", "build"),
            new FindingAdded(new(Severity.Hold, "rule/x", "message", path, 3, "remedy")), new TestFiguresReported("change", 3, 2, 1, 0, TimeSpan.FromSeconds(1.5)),
            new LogWritten(LogLevel.Warning, "careful"), new ErrorReported("broken"), new StateChanged(ContextState.Planning, ContextState.Staging),
            new StepStarted("a"), new StepFinished("a", StepState.Failed, TimeSpan.FromTicks(1), "why"),
            new AgentUsageReported("codex", new(1200, 34, 0.0125m)), new AgentUsageReported("local", new(1, 0, null)),
        ];
        var time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
        store.Append(id, [.. events.Select(e => e with { Time = time })]);
        var read = store.Events(id);
        Assert.Equal(Enumerable.Range(1, events.Length).Select(i => (long)i), read.Select(e => e.Sequence));
        Assert.All(read, e => Assert.Equal(time, e.Event.Time));
        Assert.Equal("tab\t \u0000 \ud83d\ude00 \ufffd end", ((OutputWritten)read[1].Event).Text);
        Assert.Equal(events.Where(e => e is not OutputWritten).Select(e => e with { Time = time }), read.Select(e => e.Event).Where(e => e is not OutputWritten));
        Assert.Equal([8L, 9L, 10L, 11L], store.Events(id, afterSequence: 7).Select(e => e.Sequence));
        Assert.Equal([3L], store.Events(id, afterSequence: 2, most: 1).Select(e => e.Sequence));
    }

    [Fact]
    public void Reviews_are_kept_with_their_tree_and_audited()
    {
        var id = Begin();
        store.AddReview(id, new("ann", ReviewDecision.Rejected, "not yet", Some));
        store.AddReview(id, new("bob", ReviewDecision.Approved, null, Some));
        Assert.Equal([("ann", ReviewDecision.Rejected, "not yet"), ("bob", ReviewDecision.Approved, null)], store.Reviews(id).Select(r => (r.Reviewer, r.Decision, r.Comment)));
        Assert.Equal(["execution-started", "review-rejected", "review-approved"], audit.List(id.ToString()).Select(r => r.Entry.Action));
    }

    [Fact]
    public void A_changed_row_is_damage_whatever_column_it_is_in()
    {
        var id = Begin();
        store.SavePlan(id, new(new(1), [Step("edit", new EditAction([]), 0, [])]));
        store.SaveChanges(id, [new("main", new([new(RepositoryPath.Parse("a"), null, new(EntryKind.File, 0b110_100_100, Some, 4))]))]);
        store.AddReview(id, new("ann", ReviewDecision.Approved, "fine", Some));
        foreach (var (table, column, value) in new (string, string, object?)[]
        {
            ("contexts", "state", "Landed"), ("contexts", "improvement", 2L), ("contexts", "base_tree", Some.Hex), ("contexts", "options", "{}"),
            ("contexts", "options", "}"), ("contexts", "error", "x"), ("contexts", "steps_done", 1L), ("contexts", "created", "yesterday"), ("contexts", "verdict", new byte[1]),
            ("steps", "state", "Done"), ("steps", "definition", "{}"), ("steps", "wave", 4L), ("steps", "rollback", null),
            ("context_changes", "parts", "[]"), ("context_changes", "parts", "["), ("reviews", "decision", "Rejected"), ("reviews", "tree", null),
        })
        {
            var kept = database.Read("keep", tx => tx.Query($"SELECT {column} FROM {table}", r => r.IsNull(0) ? null : (object?)(column is "improvement" or "steps_done" or "wave" ? r.Long(0) : r.Text(0))))[0];
            database.Write("damage", tx => tx.Execute($"UPDATE {table} SET {column} = $value", ("$value", value)));
            var error = Assert.Throws<StateException>(() => (store.Get(id), store.Plan(id), store.Reviews(id)));
            Assert.Equal(StateProblem.Corrupt, error.Problem);
            database.Write("mend", tx => tx.Execute($"UPDATE {table} SET {column} = $value", ("$value", kept)));
            Assert.Equal(ContextState.Planning, store.Get(id)!.State);
        }
    }

    [Fact]
    public void A_run_whose_process_died_is_found_by_one_only_and_a_living_one_is_not()
    {
        var (alive, run) = store.Create(new(1), new(), "me", folder);
        var (dead, lost) = store.Create(new(2), new(), "me", folder);
        store.Advance(dead.Id, [ContextState.Planning], ContextState.Staging, "me");
        lost.Dispose();
        var done = Begin();
        store.Advance(done, [ContextState.Planning], ContextState.Failed, "me");

        var found = store.FindInterrupted(folder);
        Assert.Equal([(dead.Id, ContextState.Staging)], found.Select(f => (f.Context.Id, f.Context.State)));
        Assert.Empty(store.FindInterrupted(folder));
        store.Advance(dead.Id, [ContextState.Staging], ContextState.Interrupted, "me");
        foreach (var one in found) one.Dispose();
        Assert.Empty(store.FindInterrupted(folder));
        run.Dispose();
        Assert.Equal([alive.Id], store.FindInterrupted(folder).Select(f => f.Context.Id));
    }

    [Fact]
    public void A_dead_run_whose_state_is_damaged_is_no_run_at_rest()
    {
        Begin();
        database.Write("damage", tx => tx.Execute("UPDATE contexts SET state = 'Plannins'"));
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => store.FindInterrupted(folder)).Problem);
    }

    private ContextId Begin()
    {
        var (context, run) = store.Create(new(1), new(), "me", folder);
        run.Dispose();
        return context.Id;
    }

    private static ExecutionStep Step(string id, StepAction action, int wave, IReadOnlyList<RepositoryPath>? paths, params string[] needs) =>
        new(id, action, needs, "main", [new ExistsExpectation(RepositoryPath.Parse("a"))], new("main", paths)) { Wave = wave, Description = "what " + id + " does" };
}
