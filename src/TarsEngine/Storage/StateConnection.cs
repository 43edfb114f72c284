using Microsoft.Data.Sqlite;

namespace TarsEngine.Storage;

/// <summary>What the work inside one transaction sees of the state database. Not to be kept beyond it.</summary>
public sealed class StateConnection
{
    private const int MaxPrepared = 200;
    private readonly Dictionary<string, SqliteCommand> prepared = new(StringComparer.Ordinal);
    private readonly SqliteConnection connection;
    private readonly StateSeam seam;
    private readonly TimeProvider clock;
    private readonly List<(object Owner, Action Action)> afterCommit = [];

    internal StateConnection(SqliteConnection connection, StateSeam seam, TimeProvider clock) =>
        (this.connection, this.seam, this.clock) = (connection, seam, clock);

    /// <summary>The time now, from the clock that came in.</summary>
    public DateTimeOffset Now => clock.GetUtcNow();

    internal bool MayWrite { get; set; }

    internal string Operation { get; set; } = "";

    internal IReadOnlyList<(object Owner, Action Action)> AfterCommitActions => afterCommit;

    /// <summary>Runs a statement that changes something; returns how many rows it changed.</summary>
    /// <param name="parameters">Names as in the SQL ('$id'), values: null, numbers, text, bytes, times, hashes, paths, ids, enumerations (by name).</param>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!MayWrite) throw new InvalidOperationException($"'{Operation}' only reads: use StateDatabase.Write to change something.");
        var command = Prepare(sql, parameters);
        var changed = 0;
        seam.Pass(new(Name(sql), Operation, true), () => changed = command.ExecuteNonQuery());
        return changed;
    }

    /// <summary>Runs an INSERT; returns the new row's number.</summary>
    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Execute(sql, parameters);
        return SQLitePCL.raw.sqlite3_last_insert_rowid(connection.Handle);
    }

    /// <summary>All rows of a query, in its order.</summary>
    public IReadOnlyList<T> Query<T>(string sql, Func<StateRow, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = Prepare(sql, parameters);
        var rows = new List<T>();
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read()) rows.Add(map(new StateRow(reader)));
        }
        catch (SqliteException error)
        {
            throw Sqlite.Explain(error, Operation, connection.DataSource);
        }
        return rows;
    }

    /// <summary>The only row of a query, or null when there is none.</summary>
    public T? QueryOne<T>(string sql, Func<StateRow, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters) where T : class =>
        Query(sql, map, parameters) switch
        {
            [] => null,
            [var only] => only,
            var rows => throw new StateException(StateProblem.Corrupt, $"The state database is damaged: {rows.Count} rows where one may be ('{Operation}')."),
        };

    /// <summary>A single number, such as a count; null when there is no row or the value is NULL.</summary>
    public long? QueryNumber(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters) =>
        Query<long?>(sql, row => row.IsNull(0) ? null : row.Long(0), parameters) is [var number, ..] ? number : null;

    /// <summary>Runs after the commit, and not at all when there is none. It must not use the database.</summary>
    public void AfterCommit(Action action) => AfterCommitOnce(action, action);

    /// <summary>Like <see cref="AfterCommit"/>; of several by one owner only the last runs.</summary>
    public void AfterCommitOnce(object owner, Action action)
    {
        afterCommit.RemoveAll(a => ReferenceEquals(a.Owner, owner));
        afterCommit.Add((owner, action));
    }

    /// <summary>Statements of our own that no seam observes: pragmas, rollback.</summary>
    internal void Raw(string sql)
    {
        try
        {
            Prepare(sql, []).ExecuteNonQuery();
        }
        catch (SqliteException error)
        {
            throw Sqlite.Explain(error, Operation, connection.DataSource);
        }
    }

    internal void Script(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        seam.Pass(new(Name(sql), Operation, true), () => command.ExecuteNonQuery());
    }

    internal void ClearAfterCommit() => afterCommit.Clear();

    private SqliteCommand Prepare(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        if (!prepared.TryGetValue(sql, out var command))
        {
            if (prepared.Count >= MaxPrepared)
            {
                foreach (var old in prepared.Values) old.Dispose();
                prepared.Clear();
            }
            command = connection.CreateCommand();
            command.CommandText = sql;
            prepared[sql] = command;
        }
        command.Parameters.Clear();
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, StateValue.ToStored(value) ?? DBNull.Value);
        return command;
    }

    // 'insert audit', 'update contexts': what a test reads in its list of kill points.
    private static string Name(string sql)
    {
        var words = sql.Split([' ', '\n', '\r', '\t', '('], StringSplitOptions.RemoveEmptyEntries);
        var table = words.SkipWhile(w => w is not ("INTO" or "UPDATE" or "FROM" or "TABLE")).Skip(1).FirstOrDefault("");
        return $"{words[0].ToLowerInvariant()} {table}".TrimEnd();
    }
}
