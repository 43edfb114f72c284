using TarsEngine.Configuration;
using TarsEngine.Planning;
using TarsEngine.Rollback;
using TarsEngine.Sandbox.Layers;
using TarsEngine.Storage;

namespace TarsEngine.Journey;

/// <summary>What a collection removed.</summary>
/// <param name="Workspaces">Names of workspaces.</param>
/// <param name="Displaced">Files that commits had put aside.</param>
public sealed record Collected(LayerCollection Layers, IReadOnlyList<string> Workspaces, int Logs, StageCollection Displaced);

/// <summary>Removes what nothing needs any more: never a backup, never anything of a run that is going on.</summary>
internal sealed class GarbageCollection(Codebase codebase)
{
    public Collected Collect(KeepLimits keep)
    {
        var before = codebase.Options.Clock.GetUtcNow() - keep.Age;
        return new(
            codebase.Workspaces.CollectLayers(keep.LayerBytes, keep.Age), RemoveWorkspaces(before), RemoveLogs(before),
            codebase.Transactions.CollectStage(keep.Age));
    }

    private List<string> RemoveWorkspaces(DateTimeOffset before)
    {
        var removed = new List<string>();
        foreach (var name in codebase.Workspaces.List())
        {
            var parts = name.Split('-');
            if (parts.Length < 3 || !ContextId.TryParse($"{parts[0]}-{parts[1]}", out var id, out _)) continue;
            if (new DateTimeOffset(Directory.GetLastWriteTimeUtc(Path.Combine(codebase.State.Workspaces, name)), TimeSpan.Zero) > before) continue;
            using var alone = codebase.State.TryAcquire(ExecutionContextStore.RunLock(id));
            if (alone is null) continue;
            codebase.Workspaces.Remove([name]);
            removed.Add(name);
        }
        return removed;
    }

    private int RemoveLogs(DateTimeOffset before)
    {
        var old = new DirectoryInfo(codebase.State.Logs).EnumerateFiles("*.log").Where(file => new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero) <= before).ToList();
        foreach (var file in old) file.Delete();
        return old.Count;
    }
}
