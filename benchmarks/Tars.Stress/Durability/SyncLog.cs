using TarsEngine.Files;

namespace Tars.Stress.Durability;

/// <summary>Follows which contents and which entries of folders a power cut could still take back, and looks at that wherever the journal moves on.</summary>
/// <param name="failing">Which sync fails; negative for none.</param>
internal sealed class SyncLog(int failing) : ISeamObserver
{
    // The audit trail's head may lag behind: it is moved on after the commit, and one that is behind is told from a cut trail.
    private static readonly HashSet<string> mayLag = ["head", "head.new", "lock"];

    private readonly HashSet<string> contents = new(StringComparer.Ordinal);
    private readonly HashSet<(string Folder, string Name)> entries = [];
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
                Enter(call.Target);
                if (call.Operation == "create") contents.Add(call.Target);
                break;
            case "open-or-create" or "write" or "truncate":
                contents.Add(call.Target);
                break;
            case "rename-replace" or "rename-noreplace" or "rename-exchange" when call.Target.Split(" → ") is [var from, var to]:
                var (wasFrom, wasTo) = (contents.Remove(from), contents.Remove(to));
                if (wasFrom) contents.Add(to);
                if (wasTo && call.Operation == "rename-exchange") contents.Add(from);
                Enter(from);
                Enter(to);
                break;
            case "unlink":
                contents.Remove(call.Target);
                Enter(call.Target);
                break;
            case "rmdir":
                entries.RemoveWhere(entry => entry.Folder == call.Target);
                Enter(call.Target);
                break;
            case "fsync":
                contents.Remove(call.Target);
                break;
            case "fsync-directory":
                entries.RemoveWhere(entry => entry.Folder == call.Target);
                break;
            case "syncfs":
                contents.Clear();
                entries.Clear();
                break;
        }
    }

    private void Enter(string path) => entries.Add((Path.GetDirectoryName(path)!, Path.GetFileName(path)));

    private void Demand(string when, string part)
    {
        bool IsMeant(string path) => part.Length == 0 || path.Contains($"/.tars/{part}", StringComparison.Ordinal);
        problems.AddRange(contents.Where(IsMeant).Where(path => !mayLag.Contains(Path.GetFileName(path))).Select(path => $"before '{when}' the content of '{path}' is not durable"));
        problems.AddRange(entries.Where(entry => IsMeant(entry.Folder) && !mayLag.Contains(entry.Name)).Select(entry => $"before '{when}' the entry '{entry.Name}' of '{entry.Folder}' is not durable"));
    }
}
