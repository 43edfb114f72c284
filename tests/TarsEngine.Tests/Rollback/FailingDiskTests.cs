using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Rollback;

/// <summary>Every call that changes the disk fails once, or from then on: undone to the byte, done, or said to need recovery.</summary>
public sealed class FailingDiskTests : IDisposable
{
    private readonly TempFolder temp = new(inMemory: true);

    public static TheoryData<string, int, bool, bool> Cases
    {
        get
        {
            var cases = new TheoryData<string, int, bool, bool>();
            foreach (var shape in (string[])["mixed", "folder-to-file", "deep", "symlink"])
            {
                cases.Add(shape, Errno.NoSpace, false, false);
                cases.Add(shape, Errno.NoSpace, false, true);
                cases.Add(shape, Errno.InputOutput, true, false);
            }
            cases.Add("cycle", Errno.AccessDenied, false, false);
            return cases;
        }
    }

    public void Dispose() => temp.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_call_that_fails_leaves_no_half_change(string name, int errno, bool after, bool forGood)
    {
        var shape = Shape.Named(name);
        var wanted = temp.File("wanted");
        Directory.CreateDirectory(wanted);
        shape.Before(wanted);
        shape.Change(wanted);
        var target = CommitWorld.Scan(wanted);
        var tried = 0;
        for (var at = 0; ; at++, tried++)
        {
            var folder = temp.File($"w{at}");
            ChangeSet change;
            using (var world = new CommitWorld(folder))
            {
                shape.Before(world.Code);
                change = world.ChangeTo(wanted);
            }
            var before = CommitWorld.Scan(Path.Combine(folder, "code"));
            var disk = new FailingDisk(errno, after, forGood);
            var how = Try(folder, disk, at, change);
            var what = $"{name} at {at}: {disk.Where}";
            var found = CommitWorld.Scan(Path.Combine(folder, "code"));
            switch (how)
            {
                case CommitOutcome.Refused { Findings: var findings }:
                    Assert.True(found.SequenceEqual(before), what);
                    Assert.All(findings, f => Assert.Matches("^(disk|file)/", f.Rule));
                    break;
                case CommitOutcome.Committed:
                    Assert.True(found.SequenceEqual(target), what);
                    break;
                case CommitOutcome.Conflicted:
                    Assert.Fail($"{what}: a failing disk is no conflict");
                    break;
            }
            using (var next = new CommitWorld(folder))
            {
                next.Transactions.Recover();
                found = next.Scan();
                Assert.True(found.SequenceEqual(before) || found.SequenceEqual(target), $"{what}: {how} then neither before nor after");
                Assert.True(next.Audit.Verify().IsIntact, what);
                Assert.Empty(next.Transactions.CollectStage(TimeSpan.Zero).Kept);
            }
            if (disk.Where.Length == 0) break;
        }
        TestContext.Current.TestOutputHelper!.WriteLine($"{name}, errno {errno}: {tried} failing calls, none bad");
        Assert.True(tried > 10);
    }

    [Fact]
    public void An_error_of_the_commit_point_itself_is_never_called_rolled_back()
    {
        var disk = new FailingDisk(Errno.InputOutput, after: false, forGood: false);
        using (var setup = new CommitWorld(temp.Path)) Shape.Write(setup.Code, "a.txt", "A");
        using (var world = new CommitWorld(temp.Path, disk))
        {
            var change = world.Change(("a.txt", "A2"));
            disk.ArmDatabase("as committed", "commit");
            Assert.Contains("unknown", Assert.Throws<RecoveryNeededException>(() => world.Commit(change)).Message, StringComparison.Ordinal);
        }
        using var next = new CommitWorld(temp.Path);
        Assert.Equal(RecoveryAction.Discarded, Assert.Single(next.Transactions.Recover().Commits).Action);
        Assert.Equal("A", File.ReadAllText(next.At("a.txt")));
    }

    [Fact]
    public void A_commit_that_could_not_be_journaled_as_finished_is_finished_by_the_next_process()
    {
        var disk = new FailingDisk(Errno.NoSpace, after: false, forGood: false);
        using (var setup = new CommitWorld(temp.Path)) Shape.Write(setup.Code, "a.txt", "A");
        using (var world = new CommitWorld(temp.Path, disk))
        {
            var change = world.Change(("a.txt", "A2"));
            disk.ArmDatabase("as applied", "begin");
            Assert.Contains("tarscli recover", Assert.Throws<RecoveryNeededException>(() => world.Commit(change)).Message, StringComparison.Ordinal);
        }
        using var next = new CommitWorld(temp.Path);
        Assert.Equal(RecoveryAction.RolledForward, Assert.Single(next.Transactions.Recover().Commits).Action);
        Assert.Equal("A2", File.ReadAllText(next.At("a.txt")));
    }

    private static object Try(string folder, FailingDisk disk, int at, ChangeSet change)
    {
        try
        {
            using var world = new CommitWorld(folder, disk);
            disk.Arm(at);
            return world.Commit(change);
        }
        catch (Exception error) when (error is RecoveryNeededException or StateException)
        {
            return error;
        }
    }

    /// <summary>Fails the n-th call that changes the disk.</summary>
    private sealed class FailingDisk(int errno, bool after, bool forGood) : ISeamObserver
    {
        private int left = -1;
        private (string Target, string Operation)? database;

        public string Where { get; private set; } = "";

        public void Arm(int at) => left = at;

        public void ArmDatabase(string target, string operation) => database = (target, operation);

        public void Before(SeamCall call)
        {
            if (database is { } armed && call.Operation == armed.Operation && call.Target.EndsWith(armed.Target, StringComparison.Ordinal)) Fail(call);
            if (!after) Check(call);
        }

        public void After(SeamCall call)
        {
            if (after) Check(call);
        }

        private void Check(SeamCall call)
        {
            // The database's own failing disk has its own tests.
            if (left < 0 || !call.Mutates || !call.Target.StartsWith('/')) return;
            if (Where.Length > 0 ? forGood : left-- == 0) Fail(call);
        }

        private void Fail(SeamCall call)
        {
            if (Where.Length == 0) Where = $"{call.Operation} {call.Target}";
            left = 0;
            throw new FileSystemException(call.Operation, call.Target, errno);
        }
    }
}
