using System.Text.Json;
using Microsoft.Data.Sqlite;
using TarsEngine.Audit;
using TarsEngine.Files;
using TarsEngine.Storage;
using TarsEngine.Tests.Storage;

namespace TarsEngine.Tests.Audit;

public sealed class AuditTrailTests : IDisposable
{
    private readonly TempFolder folder = new(inMemory: true);

    private string DatabaseFile => folder.File("state.db");

    private string UserFolder => folder.File("user state");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Entries_come_back_in_order_and_verify()
    {
        Append(5);
        using var database = Open();
        var trail = Trail(database);
        Assert.Equal(["CTX-0", "CTX-1", "CTX-2", "CTX-3", "CTX-4"], trail.List().Select(r => r.Entry.Subject));
        Assert.Equal(["CTX-3"], trail.List("CTX-3").Select(r => r.Entry.Subject));
        Assert.Equal(["CTX-3", "CTX-4"], trail.List(last: 2).Select(r => r.Entry.Subject));
        Assert.Equal("ünï \"code\"", trail.List()[0].Entry.Details["comment"]);
        AssertIntact(trail.Verify(), 5);
    }

    [Fact]
    public void A_trail_that_went_with_its_whole_state_is_missed()
    {
        Append(5);
        foreach (var file in Directory.GetFiles(folder.Path, "state.db*")) File.Delete(file);

        using var database = Open();
        var verified = Trail(database).Verify();

        Assert.Contains("A trail of 5 entries was kept here before", Assert.Single(verified.Problems), StringComparison.Ordinal);
        File.Delete(verified.Problems[0].Split('\'')[1]);
        AssertIntact(Trail(database).Verify(), 0);
    }

    [Fact]
    public void An_entry_holds_exactly_when_its_transaction_does()
    {
        using var database = Open();
        var trail = Trail(database);
        Assert.Throws<FormatException>(() => database.Write("fails", tx =>
        {
            trail.Append(tx, Entry(1));
            throw new FormatException();
        }));
        database.Write("holds", tx =>
        {
            trail.Append(tx, Entry(2));
            trail.Append(tx, Entry(3));
        });
        Assert.Equal(["CTX-2", "CTX-3"], trail.List().Select(r => r.Entry.Subject));
        AssertIntact(trail.Verify(), 2);
    }

    [Fact]
    public void Export_is_one_line_of_JSON_for_each_entry_whatever_it_holds()
    {
        using (var database = Open())
        {
            var trail = Trail(database);
            database.Write("odd", tx => trail.Append(tx, new("denied", "me\u001b[31m", "a\udcffb", ("path", "line\nbreak \ud800"))));
        }
        using var again = Open();
        var line = Assert.Single(Trail(again).ExportLines());
        Assert.DoesNotContain('\n', line);
        using var json = JsonDocument.Parse(line);
        Assert.Equal(1, json.RootElement.GetProperty("sequence").GetInt64());
        Assert.Equal(@"a\xffb", json.RootElement.GetProperty("subject").GetString());
        Assert.DoesNotContain('\u001b', line);
        AssertIntact(Trail(again).Verify(), 1);
    }

    [Fact]
    public void Every_flipped_byte_in_every_column_is_found()
    {
        Append(3);
        // Stays open, and nothing waits for the disk: several hundred checks in a second.
        using var database = Open();
        var trail = Trail(database);
        var flips = 0;
        foreach (var column in AuditRow.Columns.Split(", "))
        {
            for (var row = 1; row <= 3; row++)
            {
                var original = Value(column, row);
                var bytes = original as byte[] ?? System.Text.Encoding.UTF8.GetBytes(original.ToString()!);
                for (var i = 0; i < bytes.Length; i++, flips++)
                {
                    var changed = (byte[])bytes.Clone();
                    changed[i] ^= 1;
                    object value = original is byte[] ? changed : original is long number ? number + 10 + i : System.Text.Encoding.UTF8.GetString(changed);
                    Sql($"UPDATE audit SET {column} = $value WHERE sequence = {row}", value);
                    Assert.False(trail.Verify().IsIntact, $"{column} {row} {i}");
                    Sql($"UPDATE audit SET {column} = $value WHERE sequence = {(column == "sequence" ? value : row)}", original);
                }
            }
        }
        Assert.True(flips > 500, $"{flips}");
        AssertIntact(VerifyAnew(), 3);
    }

    [Fact]
    public void A_flipped_byte_anywhere_in_the_file_is_found_or_changes_nothing()
    {
        Append(6);
        var good = Rows();
        var bytes = File.ReadAllBytes(DatabaseFile);
        var (found, harmless) = (0, 0);
        for (var i = 0; i < bytes.Length; i += 41)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 0x10;
            File.WriteAllBytes(DatabaseFile, changed);
            try
            {
                if (!VerifyAnew().IsIntact) found++;
                else
                {
                    Assert.Equal(good, Rows());
                    harmless++;
                }
            }
            catch (StateException)
            {
                found++;
            }
        }
        Assert.True(found > 20 && harmless > 20, $"{found} found, {harmless} in unused places");
    }

    [Fact]
    public void Every_missing_row_is_found_the_last_ones_included()
    {
        Append(5);
        var good = File.ReadAllBytes(DatabaseFile);
        for (var row = 1; row <= 5; row++)
        {
            Sql($"DELETE FROM audit WHERE sequence = {row}");
            AssertBroken();
            File.WriteAllBytes(DatabaseFile, good);
            Sql($"DELETE FROM audit WHERE sequence >= {row}");
            Assert.Contains("cut", AssertBroken(), StringComparison.Ordinal);
            File.WriteAllBytes(DatabaseFile, good);
        }
        AssertIntact(VerifyAnew(), 5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public void Commits_that_went_with_a_damaged_write_ahead_log_are_missed(int frames)
    {
        Append(2);
        // A process that dies leaves its commits in the log; SQLite itself drops what is damaged there without a word.
        var last = new Faults("begin", after: false, () => new KilledException());
        using (var database = StateDatabase.Open(DatabaseFile, TimeProvider.System, new AfterSome(4, last)))
        {
            var trail = Trail(database);
            for (var i = 0; i < 4; i++) database.Write("append", tx => trail.Append(tx, Entry(i)));
            Assert.Throws<KilledException>(() => database.Write("append", tx => trail.Append(tx, Entry(4))));
        }
        var log = DatabaseFile + "-wal";
        var bytes = File.ReadAllBytes(log);
        Assert.True(bytes.Length >= 32 + (4 * (4096 + 24)), $"{bytes.Length}");
        bytes[32 + (frames * (4096 + 24)) + 100] ^= 1;
        File.WriteAllBytes(log, bytes);
        File.Delete(DatabaseFile + "-shm");
        Assert.Contains("cut", AssertBroken(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_trail_stays_found_when_more_is_written_behind_it()
    {
        Append(5);
        Sql("DELETE FROM audit WHERE sequence >= 3");
        Append(10);
        AssertBroken();
    }

    [Fact]
    public void A_trail_that_was_rewritten_with_matching_hashes_is_found()
    {
        Append(3);
        using (var database = Open())
        {
            // Somebody who knows how it works, but not the key.
            var forger = new AuditKey(new byte[AuditKey.Size]);
            database.Write("forge", tx =>
            {
                tx.Execute("DELETE FROM audit");
                AuditRow? last = null;
                for (var i = 0; i < 4; i++)
                {
                    last = AuditRow.After(last, database.CodebaseId, tx.Now, Entry(i + 100), forger);
                    tx.Execute($"INSERT INTO audit({AuditRow.Columns}) VALUES($a, $b, $c, $d, $e, $f, $g, $h, $i)", ("$a", last.Sequence), ("$b", last.Time),
                        ("$c", last.Action), ("$d", last.Actor), ("$e", last.Subject), ("$f", last.Details), ("$g", last.KeyId), ("$h", last.Hash), ("$i", last.Signature));
                }
            });
        }
        Assert.Contains("rewritten", AssertBroken(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_honest_crash_between_commit_and_head_is_fine()
    {
        for (var at = 0; ; at++)
        {
            using var fresh = new TempFolder(inMemory: true);
            StateDatabase.Open(fresh.File("state.db"), TimeProvider.System).Dispose();
            var killed = true;
            var committed = new List<int>();
            try
            {
                var observer = new KillAt(at);
                using var database = StateDatabase.Open(fresh.File("state.db"), TimeProvider.System, observer);
                var trail = new AuditTrailService(database, new FileSystem(observer), fresh.File("user"));
                for (var i = 0; i < 3; i++)
                {
                    database.Write("append", tx => trail.Append(tx, Entry(i)));
                    committed.Add(i);
                }
                killed = false;
            }
            catch (KilledException)
            {
            }
            using var next = StateDatabase.Open(fresh.File("state.db"), TimeProvider.System);
            var after = new AuditTrailService(next, new FileSystem(), fresh.File("user"));
            Assert.True(after.Verify() is { IsIntact: true }, $"kill {at}: {string.Join(' ', after.Verify().Problems)}");
            next.Write("append", tx => after.Append(tx, Entry(99)));
            var kept = after.List().Select(r => r.Entry.Subject).ToList();
            Assert.True(after.Verify().IsIntact, $"kill {at}");
            Assert.DoesNotContain(after.List(), r => r.Entry.Action.StartsWith("audit-", StringComparison.Ordinal));
            Assert.Equal(committed.Select(i => $"CTX-{i}"), kept.Take(committed.Count));
            if (killed) continue;
            Assert.True(at > 50, $"{at} points");
            return;
        }
    }

    [Fact]
    public void A_missing_or_damaged_key_or_head_is_said()
    {
        Append(2);
        var own = Directory.GetDirectories(Path.Combine(UserFolder, "audit")).Single();
        foreach (var name in (string[])["key", "head"])
        {
            var file = Path.Combine(own, name);
            var good = File.ReadAllBytes(file);
            File.Delete(file);
            Assert.Contains($"{name} is missing", AssertBroken(), StringComparison.Ordinal);
            using var database = Open();
            for (var i = 0; i < good.Length; i++)
            {
                var changed = (byte[])good.Clone();
                changed[i] ^= 1;
                File.WriteAllBytes(file, changed);
                Assert.False(Trail(database).Verify().IsIntact, $"{name} {i}");
            }
            File.WriteAllBytes(file, good);
        }
        AssertIntact(VerifyAnew(), 2);
    }

    [Fact]
    public void A_lost_key_is_replaced_and_the_trail_says_so()
    {
        Append(2);
        Directory.Delete(Path.Combine(UserFolder, "audit"), recursive: true);
        Append(1);
        using var database = Open();
        var trail = Trail(database);
        Assert.Equal("audit-key-added", trail.List()[2].Entry.Action);
        var verification = trail.Verify();
        Assert.True(verification.IsIntact);
        Assert.Contains("another key", Assert.Single(verification.Notices), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_done_when_it_cannot_be_recorded()
    {
        File.WriteAllText(UserFolder, "a file where the folder belongs");
        using var database = Open();
        var error = Assert.Throws<StateException>(() => database.Write("append", tx => Trail(database).Append(tx, Entry(1))));
        Assert.Equal(StateProblem.Disk, error.Problem);
        Assert.Empty(Trail(database).List());
    }

    [Fact]
    public void Key_and_head_are_for_their_owner_only()
    {
        Append(1);
        var files = new FileSystem();
        var entries = Directory.GetFileSystemEntries(UserFolder, "*", SearchOption.AllDirectories);
        Assert.Contains(entries, e => e.EndsWith("/key", StringComparison.Ordinal));
        Assert.All(entries, entry =>
        {
            using var parent = files.OpenRoot(Path.GetDirectoryName(entry)!);
            Assert.Equal(0, files.Stat(parent, Path.GetFileName(entry))!.Mode & 0b111_111);
        });
    }

    [Fact]
    public void A_clock_that_jumps_back_a_year_changes_nothing()
    {
        using var database = StateDatabase.Open(DatabaseFile, new BackwardsClock());
        var trail = Trail(database);
        for (var i = 0; i < 3; i++) database.Write("append", tx => trail.Append(tx, Entry(i)));
        Assert.Equal(["CTX-0", "CTX-1", "CTX-2"], trail.List().Select(r => r.Entry.Subject));
        AssertIntact(trail.Verify(), 3);
    }

    [Fact]
    public async Task Several_processes_append_to_one_chain()
    {
        Open().Dispose();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Append(10))));
        AssertIntact(VerifyAnew(), 80);
    }

    private StateDatabase Open() => StateDatabase.Open(DatabaseFile, TimeProvider.System);

    private AuditTrailService Trail(StateDatabase database) => new(database, new FileSystem(), UserFolder);

    private void Append(int count)
    {
        using var database = Open();
        var trail = Trail(database);
        for (var i = 0; i < count; i++) database.Write("append", tx => trail.Append(tx, Entry(i)));
        Assert.Null(trail.HeadProblem);
    }

    private static AuditEntry Entry(int number) => new("validated", "tester", $"CTX-{number}", ("comment", "ünï \"code\""), ("tree", "abc"));

    private AuditVerification VerifyAnew()
    {
        using var database = Open();
        return Trail(database).Verify();
    }

    private static void AssertIntact(AuditVerification verification, long entries)
    {
        Assert.Empty(verification.Problems);
        Assert.Empty(verification.Notices);
        Assert.Equal(entries, verification.Entries);
    }

    private string AssertBroken()
    {
        var verification = VerifyAnew();
        Assert.False(verification.IsIntact);
        return string.Join('\n', verification.Problems);
    }

    private List<string> Rows()
    {
        using var database = Open();
        return [.. Trail(database).ExportLines()];
    }

    private object Value(string column, int row)
    {
        using var file = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = $"SELECT {column} FROM audit WHERE sequence = {row}";
        return command.ExecuteScalar()!;
    }

    private void Sql(string text, object? value = null)
    {
        using var file = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False");
        file.Open();
        using var command = file.CreateCommand();
        command.CommandText = "PRAGMA synchronous=OFF";
        command.ExecuteNonQuery();
        command.CommandText = text;
        if (value is not null) command.Parameters.AddWithValue("$value", value);
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    /// <summary>Lets some transactions begin before it hands over.</summary>
    private sealed class AfterSome(int count, ISeamObserver then) : ISeamObserver
    {
        private int begun;

        public void Before(SeamCall call)
        {
            if (call.Operation != "begin" || begun++ >= count) then.Before(call);
        }

        public void After(SeamCall call)
        {
        }
    }

    private sealed class BackwardsClock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now = now.AddYears(-1);
    }
}
