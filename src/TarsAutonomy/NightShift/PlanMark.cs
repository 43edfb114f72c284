using TarsAutonomy.Tasks;
using TarsEngine;
using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsAutonomy.NightShift;

/// <summary>The mark that a task is done, as a part of its change: made in the plan as it is when the change is made or goes on top of something else.</summary>
internal sealed class PlanMark(Codebase codebase, RepositoryPath plan, string taskId, string by)
{
    private const string Part = "plan";
    private readonly HashSet<ContentHash> marked = [];

    /// <summary>The parts of a change, with the mark among them; without it where the change writes the plan itself, which is for the constraints to refuse.</summary>
    public IReadOnlyList<NamedChange> Renew(IReadOnlyList<NamedChange> parts, TreeSnapshot tree)
    {
        var others = parts.Where(part => part.Name != Part).ToList();
        if (others.Exists(part => part.Changes.Any(change => change.Path == plan)) || tree[plan] is not { Kind: EntryKind.File } before
            || TaskPlanEditor.MarkDone(codebase.Content.Read(plan, before), taskId, codebase.Options.Clock.GetUtcNow(), by) is not PlanEdited { Bytes: var bytes }) return others;
        var after = new FileState(EntryKind.File, before.Mode, codebase.Objects.Put(bytes), bytes.Length);
        marked.Add(after.Hash);
        return [.. others, new(Part, new ChangeSet([new(plan, before, after)]))];
    }

    /// <summary>The change without the mark.</summary>
    public ChangeSet Without(ChangeSet change) => new(change.Where(one => one.Path != plan || one.After is not { } after || !marked.Contains(after.Hash)));
}
