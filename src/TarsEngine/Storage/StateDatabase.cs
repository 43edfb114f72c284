using System.Runtime.ExceptionServices;
using Microsoft.Data.Sqlite;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>
/// The state of one codebase in SQLite, and the one seam to it: WAL, synchronous=FULL, one writer at a time, short transactions.
/// Several processes may use it at once; they wait for each other. Safe to use from several threads.
/// </summary>
public sealed class StateDatabase : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection file;
    private readonly StateConnection connection;
    private readonly StateSeam seam;
    private StateException? broken;
    private bool inside;
    private bool disposed;

    internal StateDatabase(SqliteConnection file, StateConnection connection, StateSeam seam)
    {
        (this.file, this.connection, this.seam) = (file, connection, seam);
        seam.Killed = LetGo;
    }

    /// <summary>The file.</summary>
    public string Path => file.DataSource;

    /// <summary>A random id that this codebase's state got when it was made; 32 hexadecimal digits.</summary>
    public string CodebaseId { get; internal set; } = "";

    /// <summary>Opens the state of a codebase, makes it when there never was one, and checks it.</summary>
    /// <exception cref="StateException">Damaged, cut, gone, of a newer version, or not accessible.</exception>
    public static StateDatabase Open(string path, TimeProvider clock, ISeamObserver? observer = null) =>
        StateOpening.Open(path, clock, observer, Schema.Migrations);

    /// <summary>Reads a consistent picture.</summary>
    /// <param name="operation">What it is for, in messages: 'read CTX-7'.</param>
    public T Read<T>(string operation, Func<StateConnection, T> work)
    {
        lock (gate)
        {
            Enter(operation, mayWrite: false);
            try
            {
                connection.Raw("BEGIN");
                var result = Try(work);
                connection.Raw("COMMIT");
                return result;
            }
            finally
            {
                inside = false;
            }
        }
    }

    /// <summary>One transaction: everything that <paramref name="work"/> does holds, or nothing. It may read, too.</summary>
    /// <exception cref="StateException">
    /// With <see cref="StateProblem.OutcomeUnknown"/> when the commit itself returned an error: then nothing more is done with this
    /// object, and the next one that opens the state reads how it ended.
    /// </exception>
    public T Write<T>(string operation, Func<StateConnection, T> work)
    {
        lock (gate)
        {
            Enter(operation, mayWrite: true);
            try
            {
                seam.Pass(new("begin", operation, false), () => connection.Raw("BEGIN IMMEDIATE"));
                var result = Try(work);
                Commit(operation);
                foreach (var (_, action) in connection.AfterCommitActions) action();
                return result;
            }
            finally
            {
                inside = false;
                connection.ClearAfterCommit();
            }
        }
    }

    /// <inheritdoc cref="Write{T}"/>
    public void Write(string operation, Action<StateConnection> work) => Write(operation, tx =>
    {
        work(tx);
        return true;
    });

    /// <summary>Closes the file; what was not committed is gone.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            if (disposed) return;
            disposed = true;
            file.Dispose();
        }
    }

    private void Enter(string operation, bool mayWrite)
    {
        if (seam.Kill is { } kill) ExceptionDispatchInfo.Throw(kill);
        if (broken is not null) throw broken;
        ObjectDisposedException.ThrowIf(disposed, this);
        if (inside) throw new InvalidOperationException($"'{operation}' was begun inside '{connection.Operation}': one transaction at a time.");
        inside = true;
        (connection.Operation, connection.MayWrite) = (operation, mayWrite);
    }

    private T Try<T>(Func<StateConnection, T> work)
    {
        try
        {
            return work(connection);
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    private void RollBack()
    {
        if (seam.Kill is not null || disposed) return;
        try
        {
            // SQLite has rolled back by itself after some errors.
            if (SQLitePCL.raw.sqlite3_get_autocommit(file.Handle) == 0) connection.Raw("ROLLBACK");
        }
        catch (StateException)
        {
            // Closing does the same, and the first error is the one to report.
            LetGo();
            broken = new(StateProblem.Disk, $"The state database '{Path}' could not roll back and was closed. Run the command again.");
        }
    }

    private void Commit(string operation)
    {
        try
        {
            seam.Pass(new("commit", operation, true), () => connection.Raw("COMMIT"));
        }
        catch (StateException error)
        {
            LetGo();
            broken = new(StateProblem.OutcomeUnknown,
                $"Storing '{operation}' failed at its very last step, so whether it holds is unknown: {error.Message} "
                + "The next command reads how it ended, and settles it.", error);
            throw broken;
        }
    }

    // As a dying process would: the transaction is dropped, the write-ahead log stays as it is.
    private void LetGo()
    {
        disposed = true;
        SQLitePCL.raw.sqlite3_db_config(file.Handle, SQLitePCL.raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
        file.Dispose();
    }
}
