using TarsEngine.Audit;
using TarsEngine.Storage;

namespace TarsEngine.Improvements;

/// <summary>The improvements of one codebase, kept in its state. Every change of state is a compare-and-swap.</summary>
public sealed class ImprovementCatalog(StateDatabase database, ObjectStore objects, AuditTrailService audit)
{
    /// <summary>From these an improvement may be executed.</summary>
    public static IReadOnlyList<ImprovementState> Executable { get; } =
        [ImprovementState.Ready, ImprovementState.Failed, ImprovementState.Rejected, ImprovementState.RolledBack];

    /// <summary>Gives a proposal an id and keeps it. The very same change is not added twice while the first isn't done.</summary>
    public AddOutcome Add(ImprovementProposal proposal, string actor) => Add([proposal], actor)[0];

    /// <summary>Adds several: all of them, or none when the state can't be written.</summary>
    public IReadOnlyList<AddOutcome> Add(IReadOnlyList<ImprovementProposal> proposals, string actor)
    {
        foreach (var content in proposals.SelectMany(p => p.Contents.Values)) objects.Put(content);
        objects.MakeDurable([.. proposals.SelectMany(p => p.Contents.Keys).Distinct()]);
        return database.Write("add improvements", tx => proposals.Select(p => Add(tx, p, actor)).ToList());
    }

    public Improvement? Get(ImprovementId id) => database.Read($"read {id}", tx => ImprovementRow.Get(tx, id)?.Value);

    /// <summary>In the order of their ids.</summary>
    public IReadOnlyList<Improvement> List(ImprovementFilter? filter = null) =>
        [.. database.Read("list improvements", ImprovementRow.All).Select(r => r.Value).Where((filter ?? ImprovementFilter.All).Takes)];

    /// <summary>Takes it for a run, when nobody else has it and it isn't done.</summary>
    public MoveOutcome Claim(ImprovementId id) => database.Write($"claim {id}", tx => Claim(tx, id));

    /// <summary>The same inside a transaction, such as the one that makes the context.</summary>
    public MoveOutcome Claim(StateConnection tx, ImprovementId id) => Move(tx, id, Executable, ImprovementState.Executing);

    /// <summary>Moves it from one of <paramref name="from"/> to <paramref name="to"/>.</summary>
    public MoveOutcome Move(ImprovementId id, IReadOnlyCollection<ImprovementState> from, ImprovementState to) =>
        database.Write($"move {id} to {to}", tx => Move(tx, id, from, to));

    /// <summary>The same inside a transaction.</summary>
    public MoveOutcome Move(StateConnection tx, ImprovementId id, IReadOnlyCollection<ImprovementState> from, ImprovementState to)
    {
        if (ImprovementRow.Get(tx, id) is not { } row) return new NoSuchImprovement(id);
        if (!from.Contains(row.Value.State) || !row.TryMove(tx, to, out var moved)) return Explain(row.Value);
        return new Moved(moved.Value);
    }

    /// <summary>Takes it off the list. Refused while a run or a review has it; what has landed stays for its history.</summary>
    public MoveOutcome Remove(ImprovementId id, string actor) => database.Write($"remove {id}", tx =>
    {
        var outcome = Move(tx, id, [.. Executable, ImprovementState.Superseded], ImprovementState.Removed);
        if (outcome is Moved moved) Record(tx, "improvement-removed", actor, moved.Improvement);
        return outcome;
    });

    /// <summary>Records that something was proposed that may not be, or that can't be read; nothing else of it is kept.</summary>
    public void RecordRefused(string source, ProposalRefused refused, string actor) => database.Write("record a refused proposal", tx =>
        audit.Append(tx, new(refused.IsDenied ? "denied" : "refused", actor, source,
            ("problems", string.Join(" ", refused.Problems.Where(p => p.IsDenied || !refused.IsDenied).Take(20).Select(p => p.ToString()))))));

    private AddOutcome Add(StateConnection tx, ImprovementProposal proposal, string actor)
    {
        var same = ImprovementRow.Same(tx, proposal.Fingerprint).Select(r => r.Value).Where(i => i.State != ImprovementState.Removed).ToList();
        if (same.Find(i => i.State is not (ImprovementState.Landed or ImprovementState.Superseded)) is { } open) return new AlreadyThere(open);
        var added = ImprovementRow.Insert(tx, proposal).Value;
        Record(tx, "improvement-added", actor, added);
        return new Added(added, same is [.., var last] ? last.Id : null);
    }

    private void Record(StateConnection tx, string action, string actor, Improvement improvement) =>
        audit.Append(tx, new(action, actor, improvement.Id.ToString(), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["title"] = improvement.Title,
            ["source"] = improvement.Source,
        }));

    private static NotMovable Explain(Improvement improvement)
    {
        var id = improvement.Id;
        var (why, remedy) = improvement.State switch
        {
            ImprovementState.Executing => ($"{id} is being executed.", $"Wait for that run or cancel it; 'execute status' names its context."),
            ImprovementState.AwaitingReview => ($"{id} waits for review.", "Approve or reject it with 'execute review'; 'execute status' names its context."),
            ImprovementState.Landed => ($"{id} has landed already.", "Roll it back first with 'execute rollback', or add it again as a new improvement."),
            ImprovementState.Superseded => ($"{id} is superseded by another improvement.", "Execute that one; 'improve list' shows what there is."),
            ImprovementState.Removed => ($"{id} was removed.", "Add it again with 'improve add'."),
            var state => ($"{id} is {state}.", "Execute it first with 'execute improvement'."),
        };
        return new(improvement, why, remedy);
    }
}
