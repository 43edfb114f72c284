using System.Globalization;
using System.Text;
using TarsEngine.Audit;
using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Storage;

namespace TarsEngine.Worlds;

/// <summary>A codebase in 'code' with its state, as one process sees it. Opening it again is a new process.</summary>
internal sealed class CommitWorld : IDisposable
{
    public static readonly ContextId Context = new(7);
    private readonly DirectoryHandle root;

    public CommitWorld(string folder, ISeamObserver? observer = null, TimeProvider? clock = null)
    {
        clock ??= TimeProvider.System;
        (Folder, Observer) = (folder, observer);
        Directory.CreateDirectory(Code);
        Files = new(observer);
        root = new FileSystem().OpenRoot(Code);
        State = StateFolder.Create(Code, null, Files);
        Database = StateDatabase.Open(State.Database, clock, observer);
        Objects = new(State, Files);
        Audit = new(Database, Files, Path.Combine(folder, "user"));
        Transactions = new(Files, Code, State, Database, Objects, Audit, clock);
        Rollbacks = new(Transactions, new FileBackupService(Files, Objects), Files, Code);
    }

    public ISeamObserver? Observer { get; }
    public string Folder { get; }
    public string Code => Path.Combine(Folder, "code");
    public FileSystem Files { get; }
    public StateFolder State { get; }
    public StateDatabase Database { get; }
    public ObjectStore Objects { get; }
    public AuditTrailService Audit { get; }
    public TransactionManager Transactions { get; }
    public RollbackManager Rollbacks { get; }

    public string At(string path) => Path.Combine(Code, path);

    /// <summary>Every path as the disk has it: type, mode, content or target; folders, too.</summary>
    public static IReadOnlyList<string> Scan(string folder)
    {
        using var top = new FileSystem().OpenRoot(folder);
        return [.. Walk(top).Select(e => e.Line).Order(StringComparer.Ordinal)];
    }

    /// <summary>The files and symlinks in a folder.</summary>
    public static TreeSnapshot Snapshot(string folder)
    {
        using var top = new FileSystem().OpenRoot(folder);
        return new(Walk(top).Where(e => e.State is not null).Select(e => KeyValuePair.Create(e.Path, e.State!)));
    }

    public TreeSnapshot Snapshot() => Snapshot(Code);

    public IReadOnlyList<string> Scan() => Scan(Code);

    /// <summary>The change that makes the codebase like <paramref name="wanted"/>, its contents stored.</summary>
    public ChangeSet ChangeTo(string wanted)
    {
        var after = Snapshot(wanted);
        var plain = new FileSystem();
        using var top = plain.OpenRoot(wanted);
        foreach (var (path, state) in after.Entries)
        {
            using var parent = plain.OpenDirectory(top, path.Parent)!;
            if (state.Kind == EntryKind.Symlink) Objects.Put(plain.ReadLink(parent, path.Name));
            else
            {
                using var content = plain.OpenRead(parent, path.Name);
                Objects.Put(content);
            }
        }
        return ChangeSet.Between(Snapshot(), after);
    }

    /// <summary>A change of whole files by text; null deletes.</summary>
    public ChangeSet Change(params ReadOnlySpan<(string Path, string? Content)> edits)
    {
        var now = Snapshot();
        var changes = new List<FileChange>();
        foreach (var (name, content) in edits)
        {
            var path = RepositoryPath.Parse(name);
            var bytes = content is null ? null : Encoding.UTF8.GetBytes(content);
            var after = bytes is null ? null : new FileState(EntryKind.File, now[path]?.Mode ?? 0b110_100_100, Objects.Put(bytes), bytes.Length);
            changes.Add(new(path, now[path], after));
        }
        return new(changes);
    }

    public CommitOutcome Commit(ChangeSet changes) => Commit(changes, backup: true);

    public CommitOutcome Commit(ChangeSet changes, bool backup) => Commit(backup, new NamedChange("main", changes));

    public CommitOutcome Commit(bool backup, params NamedChange[] parts) =>
        Transactions.Commit(new(Context, parts, Snapshot().Hash, "tester") { Backup = backup }, Snapshot, CancellationToken.None);

    public RollbackOutcome RollBack(RollbackScope scope, bool force = false, ContextId? context = null) =>
        Rollbacks.Rollback(new(context ?? Context, scope, force, "tester"), CancellationToken.None);

    public void Dispose()
    {
        root.Dispose();
        Database.Dispose();
    }

    private static IEnumerable<(RepositoryPath Path, FileState? State, string Line)> Walk(DirectoryHandle top)
    {
        var plain = new FileSystem();
        var waiting = new Stack<RepositoryPath?>([null]);
        while (waiting.TryPop(out var folder))
        {
            using var handle = plain.OpenDirectory(top, folder)!;
            foreach (var name in plain.List(handle))
            {
                if (folder is null && name is (".tars" or ".git")) continue;
                var path = folder?.Child(name) ?? RepositoryPath.Parse(name);
                var info = plain.Stat(handle, name)!;
                var mode = Convert.ToString(info.Mode, 8);
                if (info.Kind == NodeKind.Directory) waiting.Push(path);
                var state = info.Kind == NodeKind.Other ? null : plain.Capture(handle, name);
                yield return (path, state, string.Create(CultureInfo.InvariantCulture,
                    $"{Convert.ToHexStringLower(path.ToBytes())} {path} {info.Kind} {mode} {info.Uid}:{info.Gid} {state?.Hash.Hex}"));
            }
        }
    }
}
