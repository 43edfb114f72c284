using TarsEngine.Files;

namespace Tars.Stress.Durability;

/// <summary>Follows which contents and which entries of folders a power cut could still take back, and looks at that wherever the journal moves on.</summary>
/// <param name="failing">Which sync fails; negative for none.</param>
internal sealed class SyncLog(int failing) : ISeamObserver
{
    // The audit trail's head may lag behind: it is moved on after the commit, and one that is behind is told from a cut trail.
    private static readonly HashSet<string> mayLag = ["head", "head.new", "lock"];

    private readonly HashSet<string> contents = new(StringComparer.Ordinal);
    // True for one that is new: when it goes again before it was ever synced, nothing is left to sync.
    private readonly Dictionary<(string Folder, string Name), bool> entries = [];
    private readonly List<string> problems = [];

    public IReadOnlyList<string> Problems => problems;

    public int Syncs { get; private set; }

    public string Failed { get; private set; } = "";

    public void Before(SeamCall call)
    {
        switch (call.Operation)
        {
            case "fsync" or "fsync-directory" or "syncfs":
                if (Syncs++ != failing) break;
                Failed = $"{call.Operation} {call.Target}";
                throw new FileSystemException(call.Operation, call.Target, Errno.InputOutput);
            case "rename-replace" when call.Target.Split(" → ") is [var from, var to] && contents.Contains(from):
                problems.Add($"'{to}' is replaced by a content that is not durable");
                break;
            case "commit" when call.Target.EndsWith(" as committed", StringComparison.Ordinal):
                Demand(call.Target, "stage");
                Demand(call.Target, "objects");
                break;
            case "commit" when call.Target.EndsWith(" as applied", StringComparison.Ordinal) || call.Target.EndsWith(" as aborted", StringComparison.Ordinal):
                Demand(call.Target, "");
                break;
        }
    }

    public void After(SeamCall call)
    {
        switch (call.Operation)
        {
            case "create" or "symlink" or "mkdir":
                entries[Entry(call.Target)] = true;
                break;
            case "write" or "truncate":
                contents.Add(call.Target);
                break;
            case "rename-replace" or "rename-noreplace" or "rename-exchange" when call.Target.Split(" → ") is [var from, var to]:
                var (wasFrom, wasTo) = (contents.Remove(from), contents.Remove(to));
                if (wasFrom) contents.Add(to);
                if (wasTo && call.Operation == "rename-exchange") contents.Add(from);
                if (call.Operation == "rename-exchange") entries[Entry(from)] = false;
                else Leave(from);
                entries[Entry(to)] = call.Operation == "rename-noreplace";
                break;
            case "unlink" or "rmdir":
                contents.Remove(call.Target);
                Forget(call.Target);
                Leave(call.Target);
                break;
            case "fsync":
                contents.Remove(call.Target);
                break;
            case "fsync-directory":
                Forget(call.Target);
                break;
            case "syncfs":
                contents.Clear();
                entries.Clear();
                break;
        }
    }

    private static (string Folder, string Name) Entry(string path) => (Path.GetDirectoryName(path)!, Path.GetFileName(path));

    private void Leave(string path)
    {
        if (entries.Remove(Entry(path), out var isNew) && isNew) return;
        entries[Entry(path)] = false;
    }

    private void Forget(string folder)
    {
        foreach (var entry in entries.Keys.Where(entry => entry.Folder == folder).ToList()) entries.Remove(entry);
    }

    private void Demand(string when, string part)
    {
        bool IsMeant(string path) => part.Length == 0 || path.Contains($"/.tars/{part}", StringComparison.Ordinal);
        problems.AddRange(contents.Where(IsMeant).Where(path => !mayLag.Contains(Path.GetFileName(path))).Select(path => $"before '{when}' the content of '{path}' is not durable"));
        problems.AddRange(entries.Keys.Where(entry => IsMeant(entry.Folder) && !mayLag.Contains(entry.Name)).Select(entry => $"before '{when}' the entry '{entry.Name}' of '{entry.Folder}' is not durable"));
    }
}
