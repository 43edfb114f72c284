using TarsEngine.Files;

namespace TarsEngine.Rollback;

/// <summary>When in the order of a commit a slot has its turn.</summary>
internal enum SlotStep
{
    /// <summary>It stands in the way of what comes and goes first.</summary>
    MakeWay,

    /// <summary>Created or replaced.</summary>
    Place,

    /// <summary>Deleted last.</summary>
    Remove,
}

/// <summary>Owner, mode and extended attributes (ACLs among them) of a file or folder.</summary>
internal sealed record NodeAttributes(int Mode, uint Uid, uint Gid, IReadOnlyDictionary<string, byte[]> Extended);

/// <summary>
/// One path of a commit, and the name in the stage that goes with it. The pair tells how far things are:
/// the new content waits in the slot, and the old one lies there afterwards.
/// </summary>
/// <param name="Number">The slot's name in the stage.</param>
/// <param name="Was">Attributes of what stood there, where something did.</param>
internal sealed record Slot(int Number, RepositoryPath Path, FileState? Before, FileState? After, SlotStep Step, NodeAttributes? Was)
{
    public string Name => Number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>A folder that a commit makes; without attributes it takes those that the system gives.</summary>
internal sealed record FolderToMake(RepositoryPath Path, NodeAttributes? As);

/// <summary>A folder that a commit removes because nothing is left in it, and how it was.</summary>
/// <param name="MakesWay">A file takes its name: it must go, and early.</param>
internal sealed record FolderToRemove(RepositoryPath Path, NodeAttributes Was, bool MakesWay);

/// <summary>Everything that a commit touches, in the order in which it does: the only things that it, or its recovery, may ever touch.</summary>
/// <param name="Slots">MakeWay (children first), Place, Remove (children first).</param>
/// <param name="Made">Parents first.</param>
/// <param name="Removed">Children first.</param>
internal sealed record Manifest(IReadOnlyList<Slot> Slots, IReadOnlyList<FolderToMake> Made, IReadOnlyList<FolderToRemove> Removed)
{
    public IEnumerable<Slot> At(SlotStep step) => Slots.Where(s => s.Step == step);

    /// <summary>Every folder whose entries the commit changes; null is the root.</summary>
    public IReadOnlyList<RepositoryPath?> TouchedFolders =>
        [.. Slots.Select(s => s.Path.Parent).Concat(Made.Select(m => m.Path.Parent)).Concat(Removed.Select(r => r.Path.Parent)).Distinct()];
}
