using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;

namespace TarsEngine.Storage;

/// <summary>Makes SQLite ready once per process, and tells its errors apart.</summary>
internal static class Sqlite
{
    // What the package brings; the distribution's own is preferred when it is newer, for its repairs.
    private const int Bundled = 3_035_005;
    private static readonly Lock Gate = new();
    private static bool ready;

    public static void MakeReady()
    {
        lock (Gate)
        {
            if (ready) return;
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
            SQLitePCL.Batteries_V2.Init();
            ready = true;
        }
    }

    private const string Full = "The disk is full. Free some space, then run the command again.";

    // SQLITE_IOERR_SHMSIZE, which the binding doesn't name: what a full disk is called where the log's index can't grow.
    private const int IndexCannotGrow = SQLitePCL.raw.SQLITE_IOERR | (19 << 8);

    /// <summary>What an error of SQLite means for the state, in words.</summary>
    public static StateException Explain(SqliteException error, string operation, string path)
    {
        var (problem, remedy) = error.SqliteErrorCode switch
        {
            SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB =>
                (StateProblem.Corrupt, "It is damaged; nothing was guessed from it. Restore the state folder from a backup, or move it away to begin anew; the codebase itself is untouched."),
            SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED =>
                (StateProblem.Busy, "Another process held it for too long. Wait for that command to end, then run this one again."),
            SQLitePCL.raw.SQLITE_FULL => (StateProblem.Disk, Full),
            SQLitePCL.raw.SQLITE_IOERR when error.SqliteExtendedErrorCode == IndexCannotGrow => (StateProblem.Disk, Full),
            SQLitePCL.raw.SQLITE_READONLY or SQLitePCL.raw.SQLITE_PERM or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_AUTH =>
                (StateProblem.Disk, "It can't be written. Check who owns the state folder, whether the disk is mounted read-only, and whether it has inodes left (df -i)."),
            SQLitePCL.raw.SQLITE_IOERR => (StateProblem.Disk, "The disk reported an error. Check the disk and the system's log, then run the command again."),
            _ => (StateProblem.Disk, "Run the command again; if it fails again, report it with this message."),
        };
        return new(problem, $"The state database '{path}' failed at '{operation}': {error.Message} {remedy}", error);
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? search)
    {
        if (name != "e_sqlite3" || !NativeLibrary.TryLoad("libsqlite3.so.0", out var system)) return 0;
        if (NativeLibrary.TryGetExport(system, "sqlite3_libversion_number", out var version) && VersionOf(version) > Bundled) return system;
        NativeLibrary.Free(system);
        return 0;
    }

    private static unsafe int VersionOf(nint function) => ((delegate* unmanaged<int>)function)();
}
