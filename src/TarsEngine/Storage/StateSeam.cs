using Microsoft.Data.Sqlite;
using TarsEngine.Files;

namespace TarsEngine.Storage;

/// <summary>
/// The seam to the state database. An observer's <see cref="IOException"/> acts as a failing disk; any other exception as a
/// killed process: from then on nothing more may reach the file, not even by a handler or a dispose.
/// </summary>
internal sealed class StateSeam(ISeamObserver? observer, string path)
{
    /// <summary>What 'killed' us, once something did.</summary>
    public Exception? Kill { get; private set; }

    /// <summary>Told at the instant of the kill, to let go of the file as a dying process would.</summary>
    public Action? Killed { get; set; }

    public void Pass(SeamCall call, Action work)
    {
        Observe(call, after: false);
        try
        {
            work();
        }
        catch (SqliteException error)
        {
            throw Sqlite.Explain(error, call.Operation, path);
        }
        Observe(call, after: true);
    }

    private void Observe(SeamCall call, bool after)
    {
        if (observer is null) return;
        try
        {
            if (after) observer.After(call);
            else observer.Before(call);
        }
        catch (IOException error)
        {
            throw new StateException(StateProblem.Disk,
                $"The state database '{path}' failed at '{call.Operation}': {error.Message} Check the disk, then run the command again.", error);
        }
        catch (Exception kill)
        {
            Kill = kill;
            Killed?.Invoke();
            throw;
        }
    }
}
