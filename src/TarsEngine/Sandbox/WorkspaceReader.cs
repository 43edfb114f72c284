using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Sandbox;

/// <summary>Compares a copied workspace with the tree that was put in. Looks at what stands there, whatever a tool said that it did.</summary>
internal sealed class WorkspaceReader(
    FileSystem files, DirectoryHandle root, IReadOnlyDictionary<RepositoryPath, (FileState State, EntryInfo Info)> written,
    TreeSnapshot staged, ObjectStore objects, Func<RepositoryPath, bool> ignored)
{
    // Clocks tick coarsely: a file whose change time is this close to the last write may have been changed without showing it.
    private const long RacyNanoseconds = 50_000_000;

    private readonly EntryReader entries = new(files, staged, objects, ignored);
    private readonly long lastWrite = written.Count == 0 ? 0 : written.Values.Max(entry => entry.Info.CtimeNs);
    private readonly Stack<(RepositoryPath Folder, bool Ignored)> pending = [];

    public WorkspaceReading Read()
    {
        ReadFolder(null, isIgnored: false);
        while (pending.TryPop(out var next)) ReadFolder(next.Folder, next.Ignored);
        return entries.Finish(_ => true);
    }

    private void ReadFolder(RepositoryPath? path, bool isIgnored)
    {
        using var folder = files.OpenDirectory(root, path);
        if (folder is null) return;
        foreach (var name in files.List(folder)) ReadEntry(folder, path, name, isIgnored);
    }

    private void ReadEntry(DirectoryHandle folder, RepositoryPath? parent, string name, bool isIgnored)
    {
        if (files.Stat(folder, name) is not { } info || entries.PathOf(folder, parent, name, info, isIgnored) is not { } path) return;
        isIgnored = entries.IsIgnored(path, isIgnored);
        if (info.Kind == NodeKind.Directory)
        {
            if (entries.Enters(folder, path, info, isIgnored)) pending.Push((path, isIgnored));
        }
        else if (!isIgnored)
        {
            entries.Read(folder, path, info, IsUntouched(path, info));
        }
    }

    private bool IsUntouched(RepositoryPath path, EntryInfo info) =>
        written.TryGetValue(path, out var put) && put.State == staged[path] && put.Info == info && info.CtimeNs + RacyNanoseconds < lastWrite;
}
