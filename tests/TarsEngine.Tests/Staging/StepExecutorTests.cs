using System.Collections.Concurrent;
using System.Text;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Improvements;
using TarsEngine.Planning;
using TarsEngine.Sandbox;
using TarsEngine.Staging;
using TarsEngine.Storage;
using TarsEngine.Terminal;
using TarsEngine.Tests.Sandbox;
using static TarsEngine.Tests.Staging.StagingGround;

namespace TarsEngine.Tests.Staging;

public sealed class StepExecutorTests : IDisposable
{
    private readonly StagingGround ground = new();
    private readonly ConcurrentQueue<ExecutionEvent> events = [];
    private VirtualFileSystem tree = null!;

    public void Dispose() => ground.Dispose();

    private static readonly IReadOnlyDictionary<string, string> NoVariables = new Dictionary<string, string>();

    private static CommandAction Shell(string script, string? folder = null, int seconds = 60) =>
        new(["/bin/sh", "-c", script], folder is null ? null : P(folder), TimeSpan.FromSeconds(seconds), NoVariables);

    private static ReplaceAction Replace(string path, string search, string replacement, int count = 1) => new(P(path), search, replacement, count);

    private EditAction Create(string path, string text) => new([new CreateEdit(P(path), ground.Objects.Put(Encoding.UTF8.GetBytes(text)), Encoding.UTF8.GetByteCount(text))]);

    private static ExecutionStep Step(string id, StepAction action, string transaction = "main", string[]? after = null, params StepExpectation[] expects) =>
        new(id, action, after ?? [], transaction, expects, new RollbackProcedure(transaction, null));

    private async Task<StagingResult> Run(IEnumerable<ExecutionStep> steps, Func<StagingRequest, StagingRequest>? with = null, CancellationToken? cancellation = null)
    {
        tree = await ground.Tree();
        var environment = new SafeExecutionEnvironment(SandboxPaths.Discover(SandboxFixture.HostEnvironment, ground.State.Root));
        var executor = new StepExecutor(
            Program, ground.Files, ground.State, ground.Objects, ground.Content(), new WorkspaceFactory(ground.State, ground.Files, TimeProvider.System), new TerminalExecutor(environment, ground.State), TimeProvider.System);
        var request = new StagingRequest(new ExecutionPlan(new ImprovementId(1), [.. steps]), tree, ground.Capture.RulesOf(tree.Base, ground.Content()), "CTX-1") { Events = events.Enqueue };
        return await executor.RunAsync(with?.Invoke(request) ?? request, cancellation ?? TestContext.Current.CancellationToken);
    }

    private static string Show(ChangeSet changes) => string.Join(' ', changes.Select(change => $"{change.Kind}:{change.Path}"));

    [Fact]
    public async Task Steps_of_every_kind_build_on_each_other_and_the_disk_stays_as_it_was()
    {
        ground.Repository.Write("a.txt", "one\r\ntwo\r\n");
        ground.Repository.Write("lib/b", "b\n");
        var patch = ground.PatchOf(() => ground.Repository.Write("lib/b", "patched\n"));
        var before = (await ground.Tree()).Base.Hash;
        var staged = Assert.IsType<Staged>(await Run([
            Step("replace", Replace("a.txt", "two", "TWO")),
            Step("patch", new PatchAction(ground.Objects.Put(patch), patch.Length)),
            Step("make", Create("c", "made\n"), "main", null, new ExistsExpectation(P("c")), new ContainsExpectation(P("a.txt"), "TWO")),
            Step("run", Shell("cat a.txt lib/b c > all; rm c; chmod +x lib/b; ln -s all link"), "main", ["make"], new AbsentExpectation(P("c"))),
        ]));
        Assert.Equal("Modify:a.txt Create:all Modify:lib/b Create:link", Show(staged.Net));
        Assert.Equal("one\r\nTWO\r\npatched\nmade\n", Text(tree, "all"));
        Assert.True(tree[P("lib/b")]!.IsExecutable);
        Assert.Equal(EntryKind.Symlink, tree[P("link")]!.Kind);
        Assert.Equal(staged.Net.Hash, Assert.Single(staged.Transactions).Changes.Hash);
        Assert.Equal(before, (await ground.Tree()).Base.Hash);
        Assert.Empty(Directory.GetFileSystemEntries(ground.State.Workspaces));
        Assert.Equal(["replace", "patch", "make", "run"], events.OfType<StepFinished>().Where(e => e.State == StepState.Done).Select(e => e.Step));
    }

    [Fact]
    public async Task A_failed_step_leaves_none_of_its_effects_and_ends_the_run()
    {
        ground.Repository.Write("a", "x\n");
        var failed = Assert.IsType<StepFailed>(await Run([
            Step("good", Create("b", "b")),
            Step("bad", new EditAction([new CreateEdit(P("c"), ContentHash.Empty, 0), new DeleteEdit(P("a")), new DeleteEdit(P("nowhere"))])),
            Step("never", Create("d", "d")),
        ]));
        Assert.Equal("bad", failed.Step);
        Assert.Contains("nowhere", failed.Reason, StringComparison.Ordinal);
        Assert.Equal("Create:b", Show(tree.ToChangeSet()));
        Assert.DoesNotContain(events.OfType<StepStarted>(), started => started.Step == "never");
        Assert.Equal(StepState.Failed, events.OfType<StepFinished>().Last().State);
    }

    [Fact]
    public async Task An_expectation_that_does_not_hold_fails_the_step()
    {
        ground.Repository.Write("a", "x\n");
        StepExpectation[] wrong = [new AbsentExpectation(P("a")), new ExistsExpectation(P("q")), new ContainsExpectation(P("a"), "y"), new HashExpectation(P("a"), ContentHash.Empty)];
        var failed = Assert.IsType<StepFailed>(await Run([Step("s", Create("b", "b"), "main", null, wrong)]));
        Assert.Equal(4, failed.Findings.Count(finding => finding.Rule == "step/expectation"));
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Theory]
    [InlineData("two", 1, "")]
    [InlineData("o", 1, "at line 1, 2")]
    [InlineData("absent", 1, "stands 0 times")]
    [InlineData("one\ntwo", 1, "CR LF")]
    public async Task The_search_text_must_stand_there_exactly_as_often_as_said(string search, int count, string problem)
    {
        ground.Repository.Write("f", "\ufeffone\r\ntwo\r\n");
        var result = await Run([Step("s", Replace("f", search, "X", count))]);
        if (problem.Length == 0)
        {
            Assert.IsType<Staged>(result);
            Assert.Equal("\ufeffone\r\nX\r\n", Text(tree, "f"));
            return;
        }
        var finding = Assert.Single(Assert.IsType<StepFailed>(result).Findings);
        Assert.Contains(problem, finding.Message + finding.Remedy, StringComparison.Ordinal);
        Assert.True(tree.ToChangeSet().IsEmpty);
    }

    [Fact]
    public async Task An_edit_that_expects_other_content_is_a_conflict()
    {
        ground.Repository.Write("f", "now\n");
        var failed = Assert.IsType<StepFailed>(await Run([Step("s", new EditAction([new ReplaceEdit(P("f"), ContentHash.Empty, 0, null, ContentHash.Of("then\n"u8))]))]));
        Assert.Equal("edit/conflict", failed.Findings[0].Rule);
    }

    [Fact]
    public async Task What_a_command_writes_and_the_bases_rules_ignore_is_no_change()
    {
        ground.Repository.Write(".gitignore", "bin/\n*.log\n");
        ground.Repository.Write("src/a.cs", "a");
        var staged = Assert.IsType<Staged>(await Run([
            Step("build", Shell("mkdir -p bin/deep src/x; echo 1 > bin/deep/out.dll; echo 1 > run.log; echo 1 > src/x/kept; echo > .gitignore")),
        ]));
        Assert.Equal("Modify:.gitignore Create:src/x/kept", Show(staged.Net));
    }

    [Fact]
    public async Task A_file_that_the_rules_ignore_lands_when_a_step_names_it_and_is_said()
    {
        ground.Repository.Write(".gitignore", "*.log\n");
        var staged = Assert.IsType<Staged>(await Run([Step("s", Create("run.log", "x"))]));
        Assert.Equal("Create:run.log", Show(staged.Net));
        Assert.Equal("staging/ignored", Assert.Single(staged.Findings).Rule);
    }

    [Fact]
    public async Task A_command_that_fails_names_its_end_and_its_last_lines_and_its_workspace_can_be_kept()
    {
        ground.Repository.Write("sub/a", "x");
        var step = Step("s", Shell("pwd; echo made > made; echo oh no >&2; exit 3", "sub"));
        var failed = Assert.IsType<StepFailed>(await Run([step]));
        Assert.Contains("exit code 3", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("/codebase/sub", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("oh no", failed.Reason, StringComparison.Ordinal);
        Assert.Contains(events.OfType<OutputWritten>(), line => line is { Stream: "err", Text: "oh no", Source: "s" });
        Assert.True(tree.ToChangeSet().IsEmpty);
        Assert.Empty(Directory.GetFileSystemEntries(ground.State.Workspaces));
        await Run([step], request => request with { KeepFailedWorkspace = true });
        Assert.True(File.Exists(Path.Combine(ground.State.Workspaces, "CTX-1-step-1", "codebase", "sub", "made")));
        var nowhere = Assert.IsType<StepFailed>(await Run([Step("s", Shell("true", "no/such"))]));
        Assert.Equal("command/folder", nowhere.Findings[0].Rule);
    }

    [Fact]
    public async Task A_failed_command_says_why_and_where_as_far_as_its_output_tells()
    {
        ground.Repository.Write("tools/build.sh", "echo working\nif true; then\n");

        var failed = Assert.IsType<StepFailed>(await Run([Step("build", Shell("/bin/sh tools/build.sh"))]));

        var finding = failed.Findings[0];
        Assert.Equal(("command/syntax", P("tools/build.sh")), (finding.Rule, finding.Path));
        Assert.Contains("exit code 2. tools/build.sh:", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_can_write_anywhere_in_its_workspace_and_nowhere_else()
    {
        ground.Repository.Write("a", "x");
        var outside = ground.Repository.Beside("outside");
        var staged = Assert.IsType<Staged>(await Run([Step("s", Shell($"echo 1 > '{outside}'; echo 1 > /codebase/b; ls /codebase/.git/tars {ground.State.Root}; true"))]));
        Assert.False(File.Exists(outside));
        Assert.Equal("Create:b", Show(staged.Net));
    }

    [Fact]
    public async Task Independent_commands_run_side_by_side_and_their_effects_keep_the_plans_order()
    {
        ground.Repository.Write("a", "x");
        // Each waits for a file that only its own workspace gets: both must run, neither may see the other's.
        var staged = Assert.IsType<Staged>(await Run([
            Step("one", Shell("test ! -e two && echo 1 > one")),
            Step("two", Shell("test ! -e one && echo 2 > two")),
            Step("three", Shell("cat one two > three"), "main", ["one", "two"]),
        ]));
        Assert.Equal("Create:one Create:three Create:two", Show(staged.Net));
        Assert.Equal("1\n2\n", Text(tree, "three"));
        Assert.Empty(staged.Findings);
    }

    [Fact]
    public async Task Commands_that_clash_run_one_after_the_other_and_it_is_said()
    {
        ground.Repository.Write("list", "0\n");
        var staged = Assert.IsType<Staged>(await Run([
            Step("one", Shell("echo 1 >> list; echo same > both")),
            Step("two", Shell("echo 2 >> list; echo same > both")),
        ]));
        Assert.Equal("0\n1\n2\n", Text(tree, "list"));
        Assert.Equal(("step/clash", Severity.Warning), (Assert.Single(staged.Findings).Rule, staged.Findings[0].Severity));
    }

    [Fact]
    public async Task Named_transactions_get_their_own_changes_and_together_they_are_the_whole()
    {
        ground.Repository.Write("a", "0");
        ground.Repository.Write("b", "0");
        var staged = Assert.IsType<Staged>(await Run([
            Step("1", Replace("a", "0", "1"), "first"),
            Step("2", Create("temporary", "t"), "first"),
            Step("3", Replace("b", "0", "1"), "second"),
            Step("4", Replace("a", "1", "2"), "second"),
            Step("5", new EditAction([new DeleteEdit(P("temporary"))]), "first"),
            Step("6", Create("c", "c"), "third"),
        ]));
        Assert.Equal(["first Modify:a", "second Modify:a Modify:b", "third Create:c"], staged.Transactions.Select(part => $"{part.Name} {Show(part.Changes)}"));
        Assert.Equal(staged.Net.Hash, staged.Transactions.Select(part => part.Changes).Aggregate((one, next) => one.Then(next)).Hash);
    }

    [Fact]
    public async Task Transactions_that_take_turns_on_one_file_are_refused()
    {
        ground.Repository.Write("a", "0");
        ground.Repository.Write("b", "0");
        var turns = Assert.IsType<StepFailed>(await Run([
            Step("1", Replace("a", "0", "1"), "first"), Step("2", Replace("a", "1", "2"), "second"), Step("3", Replace("a", "2", "3"), "first")]));
        Assert.Equal("staging/interleaved-transactions", turns.Findings[0].Rule);
        var crossed = Assert.IsType<StepFailed>(await Run([
            Step("1", Replace("a", "0", "1"), "first"), Step("2", Replace("b", "0", "1"), "second"),
            Step("3", Replace("a", "1", "2"), "second"), Step("4", Replace("b", "1", "2"), "first")]));
        Assert.Equal("staging/interleaved-transactions", crossed.Findings[0].Rule);
    }

    [Fact]
    public async Task A_run_pauses_and_stops_between_steps_and_in_a_command()
    {
        ground.Repository.Write("a", "x");
        var asked = 0;
        await Assert.ThrowsAsync<OperationCanceledException>(() => Run(
            [Step("1", Create("b", "b")), Step("2", Create("c", "c"))],
            request => request with { BetweenSteps = _ => ++asked < 2 ? Task.CompletedTask : throw new OperationCanceledException() }));
        Assert.Equal("Create:b", Show(tree.ToChangeSet()));
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Run(
            [Step("1", Shell("echo begun; sleep 600"))],
            request => request with { Events = happened => { if (happened is OutputWritten) stop.Cancel(); } }, stop.Token));
        Assert.True(tree.ToChangeSet().IsEmpty);
        Assert.Empty(Directory.GetFileSystemEntries(ground.State.Workspaces));
    }
}
