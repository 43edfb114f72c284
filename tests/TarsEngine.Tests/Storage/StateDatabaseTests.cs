using Microsoft.Data.Sqlite;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Tests.Storage;

public sealed class StateDatabaseTests : IDisposable
{
    private static readonly IReadOnlyList<Migration> Notes =
        [new(1, [.. Schema.Migrations[0].Statements, "CREATE TABLE notes(id INTEGER PRIMARY KEY, text TEXT NOT NULL)"])];

    private readonly TempFolder folder = new(inMemory: true);

    private string Path => folder.File("state.db");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_written_is_there_after_reopening_and_the_codebase_keeps_its_id()
    {
        string id;
        using (var database = Open())
        {
            id = database.CodebaseId;
            database.Write("note", tx => tx.Insert("INSERT INTO notes(text) VALUES($text)", ("$text", "kept")));
        }
        using var again = Open();
        Assert.Equal(["kept"], Texts(again));
        Assert.Equal(id, again.CodebaseId);
        Assert.Equal(32, id.Length);
    }

    [Fact]
    public void Work_that_throws_leaves_nothing()
    {
        using var database = Open();
        Assert.Throws<FormatException>(() => database.Write("note", tx =>
        {
            Note(tx, "half");
            throw new FormatException("mine");
        }));
        Assert.Empty(Texts(database));
        database.Write("note", tx => Note(tx, "next"));
        Assert.Equal(["next"], Texts(database));
    }

    [Fact]
    public void A_read_cannot_write_and_transactions_do_not_nest()
    {
        using var database = Open();
        Assert.Throws<InvalidOperationException>(() => database.Read("look", tx => tx.Execute("INSERT INTO notes(text) VALUES('x')")));
        Assert.Throws<InvalidOperationException>(() => database.Write("outer", _ => Texts(database)));
        Assert.Empty(Texts(database));
    }

    [Fact]
    public void Actions_after_the_commit_run_only_after_a_commit()
    {
        using var database = Open();
        var ran = new List<string>();
        Assert.Throws<FormatException>(() => database.Write("a", tx =>
        {
            tx.AfterCommit(() => ran.Add("a"));
            throw new FormatException();
        }));
        database.Write("b", tx => tx.AfterCommit(() => ran.Add("b")));
        Assert.Equal(["b"], ran);
    }

    [Theory]
    [InlineData("begin", false, false)]
    [InlineData("begin", true, false)]
    [InlineData("insert notes", false, false)]
    [InlineData("insert notes", true, false)]
    [InlineData("commit", false, false)]
    [InlineData("commit", true, true)]
    public void A_kill_leaves_the_file_as_a_killed_process_would(string operation, bool after, bool kept)
    {
        Open().Dispose();
        var killed = Open(new Faults(operation, after, () => new KilledException()));
        Assert.Throws<KilledException>(() => killed.Write("note", tx => Note(tx, "x")));
        // What handlers would do next must not reach the file either.
        Assert.Throws<KilledException>(() => killed.Write("note", tx => Note(tx, "y")));
        Assert.Throws<KilledException>(() => Texts(killed));
        using (var next = Open()) Assert.Equal(kept ? ["x"] : [], Texts(next));
        killed.Dispose();
        using var last = Open();
        Assert.Equal(kept ? ["x"] : [], Texts(last));
    }

    [Theory]
    [InlineData("begin", false)]
    [InlineData("insert notes", false)]
    [InlineData("insert notes", true)]
    public void A_failing_disk_before_the_commit_rolls_back_and_says_so(string operation, bool after)
    {
        using var database = Open(new Faults(operation, after, () => new IOException("no space left", 28), once: true));
        var error = Assert.Throws<StateException>(() => database.Write("note", tx => Note(tx, "x")));
        Assert.Equal(StateProblem.Disk, error.Problem);
        Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
        Assert.Empty(Texts(database));
        database.Write("note", tx => Note(tx, "y"));
        Assert.Equal(["y"], Texts(database));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_commit_that_returns_an_error_is_unknown_and_nothing_more_is_done(bool after)
    {
        using var database = Open(new Faults("commit", after, () => new IOException("input/output error", 5), once: true));
        var error = Assert.Throws<StateException>(() => database.Write("note", tx => Note(tx, "x")));
        Assert.Equal(StateProblem.OutcomeUnknown, error.Problem);
        Assert.Same(error, Assert.Throws<StateException>(() => Texts(database)));
        using var next = Open();
        Assert.Equal(after ? ["x"] : [], Texts(next));
    }

    [Fact]
    public void Kills_while_it_is_made_leave_nothing_half_made()
    {
        var points = 0;
        for (var at = 0; ; at++, points++)
        {
            using var fresh = new TempFolder(inMemory: true);
            var counting = new KillAt(at);
            try
            {
                StateOpening.Open(fresh.File("state.db"), TimeProvider.System, counting, Notes).Dispose();
            }
            catch (KilledException)
            {
                using var next = StateOpening.Open(fresh.File("state.db"), TimeProvider.System, null, Notes);
                next.Write("note", tx => Note(tx, "x"));
                Assert.Equal(["x"], Texts(next));
                continue;
            }
            break;
        }
        Assert.True(points > 10, $"{points} points");
    }

    [Fact]
    public void A_newer_version_is_refused_and_left_alone()
    {
        Open().Dispose();
        Sql("PRAGMA user_version=99");
        var before = File.ReadAllBytes(Path);
        var error = Assert.Throws<StateException>(() => Open());
        Assert.Equal(StateProblem.NewerVersion, error.Problem);
        Assert.Contains("99", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Fact]
    public void A_version_that_contradicts_the_content_is_damage()
    {
        IReadOnlyList<Migration> two = [.. Notes, new(2, ["CREATE TABLE more(id INTEGER PRIMARY KEY)"])];
        Open().Dispose();
        Sql("PRAGMA user_version=2");
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => StateOpening.Open(Path, TimeProvider.System, null, two)).Problem);
        Sql("PRAGMA user_version=0");
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => Open()).Problem);
    }

    [Fact]
    public void An_older_version_is_migrated_with_its_content_also_when_killed_on_the_way()
    {
        IReadOnlyList<Migration> later =
            [.. Notes, new(2, ["ALTER TABLE notes ADD COLUMN stars INTEGER NOT NULL DEFAULT 3"]), new(3, ["UPDATE notes SET stars = stars + 1"])];
        using (var old = Open()) old.Write("note", tx => Note(tx, "old"));
        for (var at = 0; ; at++)
        {
            try
            {
                using var _ = StateOpening.Open(Path, TimeProvider.System, new KillAt(at), later);
                break;
            }
            catch (KilledException)
            {
            }
        }
        using var now = StateOpening.Open(Path, TimeProvider.System, null, later);
        Assert.Equal([("old", 4L)], now.Read("stars", tx => tx.Query("SELECT text, stars FROM notes", r => (r.Text(0), r.Long(1)))));
        Assert.Equal(StateProblem.NewerVersion, Assert.Throws<StateException>(() => Open()).Problem);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(9000)]
    public void A_cut_file_is_refused(int length)
    {
        Open().Dispose();
        using (var file = File.OpenWrite(Path)) file.SetLength(length);
        var error = Assert.Throws<StateException>(() => Open());
        Assert.Equal(StateProblem.Corrupt, error.Problem);
        Assert.Contains(Path, error.Message, StringComparison.Ordinal);
        Assert.Equal(length, new FileInfo(Path).Length);
    }

    [Fact]
    public void A_full_disk_is_said_and_leaves_what_was()
    {
        using var database = Open();
        database.Write("note", tx => Note(tx, "small"));
        var error = Assert.Throws<StateException>(() => database.Write("fill", tx =>
        {
            tx.Raw("PRAGMA max_page_count=30");
            Note(tx, new string('x', 1 << 20));
        }));
        Assert.Equal(StateProblem.Disk, error.Problem);
        Assert.Contains("full", error.Message, StringComparison.Ordinal);
        Assert.Equal(["small"], Texts(database));
        database.Write("note", tx => Note(tx, "next"));
        Assert.Equal(["small", "next"], Texts(database));
    }

    [Fact]
    public void A_flipped_byte_anywhere_is_said_in_our_own_words_or_harmless()
    {
        using (var database = Open()) database.Write("note", tx =>
        {
            for (var i = 0; i < 40; i++) Note(tx, $"note {i}");
        });
        var good = File.ReadAllBytes(Path);
        var refused = 0;
        for (var i = 0; i < good.Length; i += i < 200 ? 1 : 53)
        {
            var changed = (byte[])good.Clone();
            changed[i] ^= 0x41;
            File.WriteAllBytes(Path, changed);
            try
            {
                using var database = Open();
                Texts(database);
                database.Write("note", tx => Note(tx, "more"));
            }
            catch (StateException error)
            {
                Assert.NotEqual(StateProblem.OutcomeUnknown, error.Problem);
                refused++;
            }
            foreach (var side in (string[])["-wal", "-shm", "-journal"]) File.Delete(Path + side);
        }
        Assert.True(refused > 30, $"{refused}");
    }

    [Fact]
    public void A_lost_file_is_not_made_anew_in_silence()
    {
        Open().Dispose();
        File.Delete(Path);
        Assert.Equal(StateProblem.Missing, Assert.Throws<StateException>(() => Open()).Problem);
        Assert.False(File.Exists(Path));
    }

    [Fact]
    public void Another_programs_database_is_refused()
    {
        using (var other = new SqliteConnection($"Data Source={Path};Pooling=False"))
        {
            Sqlite.MakeReady();
            other.Open();
            using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE t(a)";
            command.ExecuteNonQuery();
        }
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => Open()).Problem);
    }

    [Fact]
    public void A_wrong_type_in_a_column_is_damage_not_a_guess()
    {
        using var database = Open();
        database.Write("note", tx => tx.Execute("INSERT INTO notes(text) VALUES($text)", ("$text", new byte[] { 1 })));
        Assert.Equal(StateProblem.Corrupt, Assert.Throws<StateException>(() => Texts(database)).Problem);
    }

    [Fact]
    public async Task Sixteen_openers_of_a_new_state_share_one_database_without_an_error()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(n => Task.Run(() =>
        {
            for (var i = 0; i < 15; i++)
            {
                using var database = Open();
                database.Write("note", tx =>
                {
                    var count = tx.QueryNumber("SELECT count(*) FROM notes");
                    tx.Execute("INSERT INTO notes(id, text) VALUES($id, $text)", ("$id", count + 1), ("$text", $"{n}/{i}"));
                });
            }
        })));
        using var all = Open();
        Assert.Equal(16 * 15, Texts(all).Distinct().Count());
    }

    private StateDatabase Open(ISeamObserver? observer = null) => StateOpening.Open(Path, TimeProvider.System, observer, Notes);

    private static void Note(StateConnection tx, string text) => tx.Execute("INSERT INTO notes(text) VALUES($text)", ("$text", text));

    private static IReadOnlyList<string> Texts(StateDatabase database) =>
        database.Read("notes", tx => tx.Query("SELECT text FROM notes ORDER BY id", r => r.Text(0)));

    private void Sql(string text)
    {
        using var file = new SqliteConnection($"Data Source={Path};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
