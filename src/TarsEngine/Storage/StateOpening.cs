using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>Opens, makes, checks and migrates the state database. What is not as it must be is refused, never mended by guessing.</summary>
internal static class StateOpening
{
    private const int ApplicationId = 0x54415253; // 'TARS'
    private const int SmallestFile = 4096;
    private const int WaitSeconds = 120;
    private const string CodebaseKey = "codebase";
    private const string VersionKey = "schema";
    private static readonly TimeSpan LockWait = TimeSpan.FromSeconds(WaitSeconds);

    public static StateDatabase Open(string path, TimeProvider clock, ISeamObserver? observer, IReadOnlyList<Migration> migrations)
    {
        Sqlite.MakeReady();
        if (!File.Exists(path)) Create(path, clock, observer, migrations);
        // SQLite takes a file of less than a page for a new one, and would write into it.
        if (new FileInfo(path).Length < SmallestFile)
            throw new StateException(StateProblem.Corrupt, $"The state database '{path}' is cut short. " + Remedy);

        var (file, connection, seam) = Connect(path, clock, observer);
        try
        {
            connection.Operation = "open";
            Check(connection, path);
            Migrate(connection, seam, path, migrations);
            return new StateDatabase(file, connection, seam) { CodebaseId = Meta(connection, CodebaseKey, path) };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private const string Remedy = "Nothing was guessed from it. Restore the state folder from a backup, or move it away to begin anew; the codebase itself is untouched.";

    // Made beside its place and renamed when whole, so that a file of that name is never half made. The mark tells a state that
    // was removed from one that never was.
    private static void Create(string path, TimeProvider clock, ISeamObserver? observer, IReadOnlyList<Migration> migrations)
    {
        using var alone = FileLock.Take(path + ".lock", "a process that makes the state database", LockWait);
        if (File.Exists(path)) return;
        string made = path + ".new", mark = path + ".id";
        if (File.Exists(mark) && !File.Exists(made))
        {
            throw new StateException(StateProblem.Missing,
                $"The state database '{path}' is gone, though it was made once ('{mark}' says so). "
                + "Restore it from a backup, or move the whole state folder away to begin anew; the codebase itself is untouched.");
        }
        if (!File.Exists(mark))
        {
            foreach (var left in (string[])[made, made + "-wal", made + "-shm", made + "-journal"]) File.Delete(left);
            Build(made, clock, observer, migrations);
        }
        File.WriteAllText(mark, "The state database beside this file was made once; if it is missing, it was lost.\n");
        var seam = new StateSeam(observer, path);
        seam.Pass(new("publish database", path, true), () =>
        {
            File.Move(made, path);
            var files = new FileSystem();
            using var folder = files.OpenRoot(Path.GetDirectoryName(path)!);
            files.Fsync(folder);
        });
    }

    private static void Build(string made, TimeProvider clock, ISeamObserver? observer, IReadOnlyList<Migration> migrations)
    {
        File.Create(made).Dispose();
        var (file, connection, _) = Connect(made, clock, observer);
        using (file)
        {
            connection.Operation = "make the state database";
            connection.MayWrite = true;
            connection.Raw(string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}"));
            connection.Raw("BEGIN IMMEDIATE");
            foreach (var migration in migrations) Apply(connection, migration);
            SetMeta(connection, CodebaseKey, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
            connection.Raw("COMMIT");
            connection.Raw("PRAGMA journal_mode=WAL");
        }
    }

    private static (SqliteConnection File, StateConnection Connection, StateSeam Seam) Connect(string path, TimeProvider clock, ISeamObserver? observer)
    {
        var file = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, DefaultTimeout = WaitSeconds,
        }.ToString());
        var seam = new StateSeam(observer, path);
        var connection = new StateConnection(file, seam, clock) { Operation = "open" };
        try
        {
            file.Open();
            connection.Raw(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout={WaitSeconds * 1000}"));
            connection.Raw("PRAGMA synchronous=FULL");
            connection.Raw("PRAGMA foreign_keys=ON");
            connection.Raw("PRAGMA trusted_schema=OFF");
            connection.Raw("PRAGMA cell_size_check=ON");
            return (file, connection, seam);
        }
        catch (SqliteException error)
        {
            file.Dispose();
            throw Sqlite.Explain(error, "open", path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static void Check(StateConnection connection, string path)
    {
        if (connection.QueryNumber("PRAGMA application_id") != ApplicationId || connection.Query("PRAGMA journal_mode", row => row.Text(0)) is not ["wal"])
            throw new StateException(StateProblem.Corrupt, $"'{path}' is not a state database of TARS, or its header is damaged. " + Remedy);
        if (connection.Query("PRAGMA quick_check(1)", row => row.Text(0)) is not ["ok"] and var problems)
            throw new StateException(StateProblem.Corrupt, $"The state database '{path}' is damaged ({string.Join("; ", problems)}). " + Remedy);
    }

    private static void Migrate(StateConnection connection, StateSeam seam, string path, IReadOnlyList<Migration> migrations)
    {
        if (Version(connection, path, migrations) == migrations[^1].Version) return;
        connection.MayWrite = true;
        connection.Operation = "migrate";
        seam.Pass(new("begin", "migrate", false), () => connection.Raw("BEGIN IMMEDIATE"));
        // Again, under the write lock: another process may have been quicker.
        var version = Version(connection, path, migrations);
        foreach (var migration in migrations.Where(m => m.Version > version)) Apply(connection, migration);
        seam.Pass(new("commit", "migrate", true), () => connection.Raw("COMMIT"));
    }

    private static long Version(StateConnection connection, string path, IReadOnlyList<Migration> migrations)
    {
        var newest = migrations[^1].Version;
        var version = connection.QueryNumber("PRAGMA user_version");
        if (version > newest)
        {
            throw new StateException(StateProblem.NewerVersion,
                $"The state database '{path}' has format {version}; this program knows formats up to {newest}. "
                + "Use the newer tarscli that wrote it; nothing was changed.");
        }
        if (version is not >= 1 || Meta(connection, VersionKey, path) != version.Value.ToString(CultureInfo.InvariantCulture))
            throw new StateException(StateProblem.Corrupt, $"The state database '{path}' contradicts itself about its format. " + Remedy);
        return version.Value;
    }

    private static void Apply(StateConnection connection, Migration migration)
    {
        foreach (var statement in migration.Statements) connection.Script(statement);
        connection.Raw(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version={migration.Version}"));
        SetMeta(connection, VersionKey, migration.Version.ToString(CultureInfo.InvariantCulture));
    }

    private static void SetMeta(StateConnection connection, string key, string value) => connection.Execute(
        "INSERT INTO meta(key, value, checksum) VALUES($key, $value, $checksum) ON CONFLICT(key) DO UPDATE SET value = excluded.value, checksum = excluded.checksum",
        ("$key", key), ("$value", value), ("$checksum", RowChecksum.Of("meta", key, value)));

    private static string Meta(StateConnection connection, string key, string path)
    {
        var row = connection.Query("SELECT value, checksum FROM meta WHERE key = $key", r => (Value: r.Text(0), Checksum: r.Bytes(1)), ("$key", key));
        if (row is not [var (value, checksum)])
            throw new StateException(StateProblem.Corrupt, $"The state database '{path}' has lost its entry '{key}'. " + Remedy);
        RowChecksum.Verify("meta", $"entry '{key}'", checksum, key, value);
        return value;
    }
}
