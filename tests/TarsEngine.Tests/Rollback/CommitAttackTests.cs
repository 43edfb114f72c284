using System.Diagnostics;
using TarsEngine.Files;
using TarsEngine.Rollback;

namespace TarsEngine.Tests.Rollback;

/// <summary>What others do to the codebase in the very instant of a commit, and what may lie in its way.</summary>
public sealed class CommitAttackTests : IDisposable
{
    private readonly TempFolder temp = new();

    public void Dispose() => temp.Dispose();

    // Runs something of another program's before the first call of a name whose target ends so.
    private CommitWorld World(Action? meanwhile = null, string operation = "rename-exchange", string target = "", bool afterwards = false)
    {
        using (var setup = new CommitWorld(temp.Path))
        {
            if (!File.Exists(setup.At("a.txt"))) Shape.Named("deep").Before(setup.Code);
        }
        return new(temp.Path, meanwhile is null ? null : new Meanwhile(operation, target, meanwhile, afterwards));
    }

    private string At(string path) => temp.File("code/" + path);

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_save_in_the_instant_of_the_exchange_is_a_conflict_and_is_kept(bool afterwards)
    {
        // Before the exchange the editor's bytes come out of it; right after it they stand over ours, and only the next look could tell.
        using var world = World(() => File.WriteAllText(At("b.txt"), "the user's"), target: "/b.txt", afterwards: afterwards);
        var before = world.Scan();
        var outcome = world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2"), ("sub/c.txt", null)));
        Assert.Equal("the user's", File.ReadAllText(At("b.txt")));
        if (afterwards)
        {
            Assert.IsType<CommitOutcome.Committed>(outcome);
            return;
        }
        Assert.Equal("b.txt", Assert.Single(Assert.IsType<CommitOutcome.Conflicted>(outcome).Conflicts).Path.Value);
        File.WriteAllText(At("b.txt"), "B");
        Assert.Equal(before, world.Scan());
        Assert.Equal(CommitState.Aborted, Assert.Single(world.Transactions.List()).State);
    }

    [Fact]
    public void An_editor_that_saves_by_rename_and_then_again_while_it_is_put_back_loses_nothing()
    {
        var saves = 0;
        using var world = World(() =>
        {
            File.WriteAllText(At("new"), $"save {++saves}");
            File.Move(At("new"), At("b.txt"), overwrite: true);
        }, target: "/b.txt");
        // The hook fires once more on the way back.
        var again = (Meanwhile)world.Observer!;
        again.Times = 2;
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(world.Change(("b.txt", "B2"))));
        Assert.Equal("save 2", File.ReadAllText(At("b.txt")));
        var all = Directory.EnumerateFiles(world.State.Stage, "*", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();
        Assert.Contains("save 1", all);
        Assert.Contains(world.Transactions.CollectStage(TimeSpan.Zero).Kept, k => File.ReadAllText(k.KeptAt) == "save 1");
    }

    [Fact]
    public void An_edit_while_the_commit_is_prepared_is_found_before_the_commit_point()
    {
        using var world = World(() => File.WriteAllText(At("b.txt"), "the user's"), "insert commits");
        var request = new CommitRequest(CommitWorld.Context, [new("main", world.Change(("a.txt", "A2"), ("b.txt", "B2")))], null, "tester");
        Assert.IsType<CommitOutcome.Conflicted>(world.Transactions.Commit(request, null, TestContext.Current.CancellationToken));
        Assert.Equal(["A", "the user's"], [File.ReadAllText(At("a.txt")), File.ReadAllText(At("b.txt"))]);
        // Not undone: never begun.
        Assert.Empty(world.Transactions.List());
    }

    [Fact]
    public void Once_aborting_recovery_only_undoes_even_when_the_conflict_is_gone()
    {
        World().Dispose();
        var saved = false;
        var killer = new Killer(-1, onlyMutating: true, call =>
        {
            if (!saved && call.Operation == "rename-exchange" && call.Target.EndsWith("/b.txt", StringComparison.Ordinal))
            {
                saved = true;
                File.WriteAllText(At("b.txt"), "the user's");
            }
            else if (call.Operation == "rename-exchange" && call.Target.EndsWith("/a.txt", StringComparison.Ordinal) && File.ReadAllText(At("a.txt")) == "A2")
            {
                // On the way back.
                throw new KilledException();
            }
        });
        using (var world = new CommitWorld(temp.Path, killer))
            Assert.Throws<KilledException>(() => world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2"))));
        File.WriteAllText(At("b.txt"), "B");
        using var next = new CommitWorld(temp.Path);
        Assert.Equal(RecoveryAction.Undone, Assert.Single(next.Transactions.Recover().Commits).Action);
        Assert.Equal(["A", "B"], [File.ReadAllText(At("a.txt")), File.ReadAllText(At("b.txt"))]);
    }

    [Fact]
    public void A_file_that_appears_where_one_is_created_is_kept()
    {
        using var world = World(() => File.WriteAllText(At("new.txt"), "the user's"), "rename-noreplace", "/new.txt");
        var before = world.Scan();
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(world.Change(("a.txt", "A2"), ("new.txt", "ours"))));
        Assert.Equal("the user's", File.ReadAllText(At("new.txt")));
        File.Delete(At("new.txt"));
        Assert.Equal(before, world.Scan());
    }

    [Theory]
    [InlineData("rename-exchange", "/sub/c.txt")]
    [InlineData("insert commits", "")]
    public void Attack_a_parent_swapped_for_a_symlink_leads_nowhere(string operation, string target)
    {
        Directory.CreateDirectory(temp.File("outside"));
        File.WriteAllText(temp.File("outside/c.txt"), "outside");
        using var world = World(() =>
        {
            Directory.Move(At("sub"), At("moved"));
            File.CreateSymbolicLink(At("sub"), "../outside");
        }, operation, target);
        var request = new CommitRequest(CommitWorld.Context, [new("main", world.Change(("a.txt", "A2"), ("sub/c.txt", "ours")))], null, "tester");
        Assert.IsType<CommitOutcome.Conflicted>(world.Transactions.Commit(request, null, TestContext.Current.CancellationToken));
        Assert.Equal("outside", File.ReadAllText(temp.File("outside/c.txt")));
        Assert.Equal("C", File.ReadAllText(At("moved/c.txt")));
        Assert.Equal("A", File.ReadAllText(At("a.txt")));
    }

    [Fact]
    public void Attack_a_parent_moved_out_of_the_codebase_right_after_the_exchange_gets_its_file_back()
    {
        using var world = World(() => Directory.Move(At("sub"), temp.File("stolen")), target: "/sub/c.txt", afterwards: true);
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(world.Change(("a.txt", "A2"), ("sub/c.txt", "ours"))));
        Assert.Equal("C", File.ReadAllText(temp.File("stolen/c.txt")));
        Assert.Equal("A", File.ReadAllText(At("a.txt")));
    }

    [Fact]
    public void Attack_writing_through_a_symlinked_folder_is_a_conflict()
    {
        using var world = World();
        Directory.CreateDirectory(temp.File("outside"));
        File.CreateSymbolicLink(At("way"), "../outside");
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(world.Change(("way/x.txt", "x"))));
        Assert.Empty(Directory.EnumerateFileSystemEntries(temp.File("outside")));
    }

    [Fact]
    public void Attack_a_FIFO_at_the_target_is_refused_without_hanging()
    {
        using var world = World();
        var change = world.Change(("pipe", "x"));
        Run("mkfifo", At("pipe"));
        Assert.Equal("file/special", Assert.Single(Assert.IsType<CommitOutcome.Refused>(world.Commit(change)).Findings).Rule);
    }

    [Fact]
    public void Attack_a_hard_link_to_the_outside_needs_policy_and_is_never_written_through()
    {
        using var world = World();
        Run("ln", At("a.txt"), temp.File("outside.txt"));
        var change = world.Change(("a.txt", "A2"));
        Assert.Equal("file/hard-link", Assert.Single(Assert.IsType<CommitOutcome.Refused>(world.Commit(change)).Findings).Rule);
        var allowed = new CommitRequest(CommitWorld.Context, [new("main", change)], null, "tester") { AllowHardLinks = true };
        Assert.IsType<CommitOutcome.Committed>(world.Transactions.Commit(allowed, null, TestContext.Current.CancellationToken));
        Assert.Equal("A", File.ReadAllText(temp.File("outside.txt")));
        Assert.Equal("A2", File.ReadAllText(At("a.txt")));
    }

    [Theory]
    [InlineData(".git/hooks/pre-commit")]
    [InlineData("sub/.GIT/config")]
    [InlineData(".tars/state.db")]
    public void Attack_metadata_is_refused_by_the_last_door_too(string path)
    {
        using var world = World();
        Assert.Equal("path/metadata", Assert.Single(Assert.IsType<CommitOutcome.Refused>(world.Commit(world.Change((path, "x")))).Findings).Rule);
    }

    [Fact]
    public void An_immutable_file_is_refused_before_anything_is_done()
    {
        using var world = World();
        using (var mark = Process.Start(new ProcessStartInfo("chattr", ["+i", At("a.txt")]) { RedirectStandardError = true, UseShellExecute = false })!)
        {
            mark.WaitForExit();
            // Needs root and a file system that knows the mark; elsewhere the failing-disk tests stand for it.
            if (mark.ExitCode != 0) return;
        }
        try
        {
            var refused = Assert.IsType<CommitOutcome.Refused>(world.Commit(world.Change(("a.txt", "A2"), ("b.txt", "B2"))));
            Assert.Equal("file/immutable", Assert.Single(refused.Findings).Rule);
            Assert.Equal("B", File.ReadAllText(At("b.txt")));
        }
        finally
        {
            Run("chattr", "-i", At("a.txt"));
        }
    }

    [Fact]
    public void Things_that_are_not_ours_keep_a_folder()
    {
        using var world = World();
        Shape.Write(world.Code, "old/1/ignored.log", "log");
        Assert.IsType<CommitOutcome.Committed>(world.Commit(world.Change(("old/1/2/3/x.txt", null))));
        Assert.Equal("log", File.ReadAllText(At("old/1/ignored.log")));
        Assert.False(Directory.Exists(At("old/1/2")));
    }

    [Fact]
    public void A_folder_with_something_else_in_it_does_not_become_a_file()
    {
        using var world = World();
        var change = world.Change(("old/1/2/3/x.txt", null), ("old", "file"));
        Shape.Write(world.Code, "old/1/mine/ignored.log", "log");
        var before = world.Scan();
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(change));
        Assert.Equal(before, world.Scan());
    }
}

/// <summary>Another program, acting right before or after a call.</summary>
internal sealed class Meanwhile(string operation, string target, Action act, bool afterwards) : ISeamObserver
{
    private bool acting;

    public int Times { get; set; } = 1;

    public void Before(SeamCall call)
    {
        if (!afterwards) Act(call);
    }

    public void After(SeamCall call)
    {
        if (afterwards) Act(call);
    }

    private void Act(SeamCall call)
    {
        if (acting || Times == 0 || call.Operation != operation || !call.Target.EndsWith(target, StringComparison.Ordinal)) return;
        acting = true;
        Times--;
        act();
        acting = false;
    }
}
