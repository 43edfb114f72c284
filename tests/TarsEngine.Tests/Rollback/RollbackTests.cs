using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Rollback;

public sealed class RollbackTests : IDisposable
{
    private readonly TempFolder temp = new();
    private readonly CommitWorld world;

    public RollbackTests()
    {
        world = new(temp.Path);
        Shape.Named("mixed").Before(world.Code);
    }

    public void Dispose()
    {
        world.Dispose();
        temp.Dispose();
    }

    private IReadOnlyList<TransactionId> Land(params (string Path, string? Content)[] edits) => Committed(world.Commit(world.Change(edits)));

    private static IReadOnlyList<TransactionId> Committed(CommitOutcome outcome) => Assert.IsType<CommitOutcome.Committed>(outcome).Transactions;

    private static RollbackOutcome.RolledBack RolledBack(RollbackOutcome outcome) => Assert.IsType<RollbackOutcome.RolledBack>(outcome);

    private static RollbackScope.File File_(string path) => new(RepositoryPath.Parse(path));

    private string Text(string path) => File.ReadAllText(world.At(path));

    [Fact]
    public void Read_write_rollback_restores_every_byte_BOM_CRLF_and_binary_included()
    {
        var wanted = temp.File("wanted");
        Directory.CreateDirectory(wanted);
        Shape.Named("mixed").Before(wanted);
        Shape.Named("mixed").Change(wanted);
        var before = world.Scan();
        Committed(world.Commit(world.ChangeTo(wanted)));
        Assert.Equal(CommitWorld.Scan(wanted), world.Scan());
        Assert.True(RolledBack(world.RollBack(new RollbackScope.All())).IsWhole);
        Assert.Equal(before, world.Scan());
        Assert.Equal(ContextStanding.Nothing, world.Rollbacks.StandingOf(CommitWorld.Context));
        Assert.IsType<RollbackOutcome.NothingToUndo>(world.RollBack(new RollbackScope.All()));
    }

    [Fact]
    public void Names_that_are_not_UTF8_land_and_roll_back()
    {
        var path = RepositoryPath.FromBytes([(byte)'n', 0xff, (byte)'\n', (byte)'"', (byte)'/', (byte)'-', (byte)' ', 0xfe]);
        var state = new FileState(EntryKind.File, 0b110_100_100, world.Objects.Put("x"u8), 1);
        var before = world.Scan();
        Committed(world.Commit(new ChangeSet([new(path, null, state)])));
        Assert.Equal(state, world.Snapshot()[path]);
        RolledBack(world.RollBack(new RollbackScope.All()));
        Assert.Equal(before, world.Scan());
    }

    [Fact]
    public void Create_delete_rollback_leaves_nothing()
    {
        var before = world.Scan();
        Land(("new/deep/x.txt", "x"));
        Committed(world.Commit(world.Change(("new/deep/x.txt", null))));
        Assert.Equal(before, world.Scan());
        Assert.IsType<RollbackOutcome.NothingToUndo>(world.RollBack(new RollbackScope.All()));
        Assert.Equal(before, world.Scan());
        var both = world.Change(("other.txt", "x"));
        Assert.IsType<CommitOutcome.NothingToCommit>(world.Commit(true, new("create", both), new("delete", both.Inverse())));
    }

    [Fact]
    public void Two_files_with_look_alike_paths_have_their_own_backups()
    {
        Shape.Write(world.Code, "a/b_c.txt", "one");
        Shape.Write(world.Code, "a_b/c.txt", "two");
        Shape.Write(world.Code, "a/b/c.txt", "three");
        Land(("a/b_c.txt", "1"), ("a_b/c.txt", "2"), ("a/b/c.txt", "3"));
        RolledBack(world.RollBack(new RollbackScope.All()));
        Assert.Equal(["one", "two", "three"], [Text("a/b_c.txt"), Text("a_b/c.txt"), Text("a/b/c.txt")]);
    }

    [Fact]
    public void Rolling_back_one_transaction_leaves_the_others()
    {
        var ids = Committed(world.Commit(true, new("one", world.Change(("a.txt", "A2"), ("n1", "n"))), new("two", world.Change(("b.txt", "B2")))));
        Assert.Equal(2, ids.Count);
        Assert.False(RolledBack(world.RollBack(new RollbackScope.Transaction(ids[0]))).IsWhole);
        Assert.Equal(["A", "B2"], [Text("a.txt"), Text("b.txt")]);
        Assert.False(File.Exists(world.At("n1")));
        Assert.Equal(ContextStanding.Partly, world.Rollbacks.StandingOf(CommitWorld.Context));
        Assert.True(RolledBack(world.RollBack(new RollbackScope.All())).IsWhole);
        Assert.Equal("B", Text("b.txt"));
    }

    [Fact]
    public void A_later_transaction_that_depends_is_named_also_across_contexts()
    {
        var first = Land(("a.txt", "A2"));
        var request = new CommitRequest(new ContextId(8), [new("later", world.Change(("a.txt", "A3")))], null, "tester");
        var second = Committed(world.Transactions.Commit(request, null, TestContext.Current.CancellationToken));
        var conflict = Assert.IsType<RollbackOutcome.Conflicted>(world.RollBack(new RollbackScope.Transaction(first[0])));
        Assert.Equal(second, conflict.Dependents);
        Assert.Contains(second[0].ToString(), conflict.Conflicts[0].Explanation, StringComparison.Ordinal);
        RolledBack(world.RollBack(new RollbackScope.All(), context: new ContextId(8)));
        RolledBack(world.RollBack(new RollbackScope.Transaction(first[0])));
        Assert.Equal("A", Text("a.txt"));
    }

    [Fact]
    public void Two_transactions_of_one_commit_on_one_file_roll_back_in_reverse()
    {
        var one = world.Change(("a.txt", "A2"));
        var two = new ChangeSet([new(one[0].Path, one[0].After, one[0].After! with { Hash = world.Objects.Put("A3"u8), Size = 2 })]);
        var ids = Committed(world.Commit(true, new("one", one), new("two", two)));
        Assert.Equal("A3", Text("a.txt"));
        Assert.Equal([ids[1]], Assert.IsType<RollbackOutcome.Conflicted>(world.RollBack(new RollbackScope.Transaction(ids[0]))).Dependents);
        RolledBack(world.RollBack(new RollbackScope.Transaction(ids[1])));
        Assert.Equal("A2", Text("a.txt"));
        RolledBack(world.RollBack(new RollbackScope.Transaction(ids[0])));
        Assert.Equal("A", Text("a.txt"));
    }

    [Fact]
    public void One_file_alone_rolls_back_and_then_the_rest()
    {
        var before = world.Scan();
        Land(("a.txt", "A2"), ("b.txt", null), ("n/x.txt", "x"));
        RolledBack(world.RollBack(File_("b.txt")));
        Assert.Equal(["A2", "B"], [Text("a.txt"), Text("b.txt")]);
        Assert.IsType<RollbackOutcome.NothingToUndo>(world.RollBack(File_("b.txt")));
        Assert.IsType<RollbackOutcome.NotFound>(world.RollBack(File_("sub/c.txt")));
        Assert.True(RolledBack(world.RollBack(new RollbackScope.All())).IsWhole);
        Assert.Equal(before, world.Scan());
    }

    [Theory]
    [InlineData("file-to-folder")]
    [InlineData("folder-to-file")]
    [InlineData("empty-folders-to-file")]
    [InlineData("deep")]
    [InlineData("cycle")]
    [InlineData("symlink")]
    [InlineData("mode")]
    [InlineData("many")]
    public void Every_shape_rolls_back_to_the_byte_and_the_mode(string name)
    {
        using var other = new CommitWorld(temp.File("other"));
        var wanted = temp.File("wanted");
        Directory.CreateDirectory(wanted);
        foreach (var folder in (string[])[other.Code, wanted]) Shape.Named(name).Before(folder);
        Shape.Named(name).Change(wanted);
        var before = other.Scan();
        Committed(other.Commit(other.ChangeTo(wanted)));
        Assert.Equal(CommitWorld.Scan(wanted), other.Scan());
        RolledBack(other.RollBack(new RollbackScope.All()));
        Assert.Equal(before, other.Scan());
    }

    [Fact]
    public void A_folder_that_was_there_before_stays_when_its_new_file_goes()
    {
        Directory.CreateDirectory(world.At("empty"));
        var before = world.Scan();
        Land(("empty/in/x.txt", "x"));
        RolledBack(world.RollBack(new RollbackScope.All()));
        Assert.Equal(before, world.Scan());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_folder_in_which_a_user_keeps_a_file_never_makes_way(bool force)
    {
        Land(("a.txt", null));
        Shape.Write(world.Code, "a.txt/empty/kept.log", "theirs");
        var before = world.Scan();
        Assert.IsType<RollbackOutcome.Conflicted>(world.RollBack(new RollbackScope.All(), force));
        Assert.IsType<CommitOutcome.Conflicted>(world.Commit(world.Change(("a.txt/empty", "a file"))));
        Assert.Equal(before, world.Scan());
    }

    [Fact]
    public void Folders_that_another_landing_left_empty_make_way_for_a_file()
    {
        Land(("d/e/x.txt", "x"));
        File.Delete(world.At("d/e/x.txt"));
        Land(("d", "a file"));
        Assert.Equal("a file", Text("d"));
    }

    [Fact]
    public void Later_edits_are_not_overwritten_unless_forced_and_then_their_bytes_are_kept()
    {
        Land(("a.txt", "A2"), ("b.txt", "B2"), ("n.txt", "n"));
        File.WriteAllText(world.At("a.txt"), "edited");
        File.Delete(world.At("b.txt"));
        File.WriteAllText(world.At("n.txt"), "edited too");
        var before = world.Scan();
        Assert.Equal(3, Assert.IsType<RollbackOutcome.Conflicted>(world.RollBack(new RollbackScope.All())).Conflicts.Count);
        Assert.Equal(before, world.Scan());
        var done = RolledBack(world.RollBack(new RollbackScope.All(), force: true));
        Assert.Equal(["A", "B"], [Text("a.txt"), Text("b.txt")]);
        Assert.False(File.Exists(world.At("n.txt")));
        Assert.Equal("edited"u8.ToArray(), world.Objects.Read(done.Overridden.Single(o => o.Path.Value == "a.txt").Was!.Hash));
        Assert.Equal("edited too"u8.ToArray(), world.Objects.Read(done.Overridden.Single(o => o.Path.Value == "n.txt").Was!.Hash));
    }

    [Fact]
    public void What_is_already_as_it_was_is_no_conflict()
    {
        Land(("a.txt", "A2"), ("b.txt", "B2"));
        File.WriteAllText(world.At("a.txt"), "A");
        Assert.True(RolledBack(world.RollBack(new RollbackScope.All())).IsWhole);
        Assert.Equal("B", Text("b.txt"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_backup_that_is_damaged_or_gone_is_refused_and_said(bool damaged)
    {
        Land(("a.txt", "A2"), ("b.txt", "B2"));
        var before = world.Scan();
        var hex = ContentHash.Of("A"u8).Hex;
        var backup = Path.Combine(world.State.Objects, hex[..2], hex[2..]);
        File.Delete(backup);
        if (damaged) File.WriteAllText(backup, "X");
        using var next = new CommitWorld(temp.Path);
        var problem = Assert.Single(Assert.IsType<RollbackOutcome.BackupCorrupt>(next.RollBack(new RollbackScope.All())).Problems);
        Assert.Equal("a.txt", problem.Path.Value);
        Assert.Contains(hex, problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, next.Scan());
        Assert.Equal("B2", Text("b.txt"));
    }

    [Fact]
    public void A_new_process_rolls_back_what_an_earlier_one_landed()
    {
        var before = world.Scan();
        Land(("a.txt", "A2"), ("n.txt", "n"));
        world.Dispose();
        using var next = new CommitWorld(temp.Path);
        RolledBack(next.RollBack(new RollbackScope.All()));
        Assert.Equal(before, next.Scan());
        Assert.True(next.Audit.Verify().IsIntact);
        Assert.Equal(["transaction-committed", "transaction-rolled-back"], next.Audit.List().Select(r => r.Entry.Action));
    }

    [Fact]
    public void Without_backups_a_rollback_is_refused_and_said()
    {
        var ids = Committed(world.Commit(world.Change(("a.txt", "A2")), backup: false));
        Assert.Equal(ids, Assert.IsType<RollbackOutcome.NoBackup>(world.RollBack(new RollbackScope.All())).Transactions);
        Assert.Equal("A2", Text("a.txt"));
    }

    [Fact]
    public void Unknown_contexts_and_transactions_are_told()
    {
        Assert.IsType<RollbackOutcome.NothingToUndo>(world.RollBack(new RollbackScope.All(), context: new ContextId(99)));
        Land(("a.txt", "A2"));
        Assert.IsType<RollbackOutcome.NotFound>(world.RollBack(new RollbackScope.Transaction(new(99))));
    }

    [Fact]
    public void Owner_and_mode_of_a_deleted_file_come_back()
    {
        if (OperatingSystem.IsWindows()) return;
        File.SetUnixFileMode(world.At("sub/c.txt"), (UnixFileMode)0b110_000_101);
        using (var chown = System.Diagnostics.Process.Start("chown", ["1234:2345", world.At("sub/c.txt")])) chown.WaitForExit();
        var before = world.Scan();
        Land(("sub/c.txt", null));
        RolledBack(world.RollBack(new RollbackScope.All()));
        Assert.Equal(before, world.Scan());
        Land(("sub/c.txt", "other"));
        Assert.Equal(before.Select(l => l[..l.LastIndexOf(' ')]), world.Scan().Select(l => l[..l.LastIndexOf(' ')]));
    }
}
