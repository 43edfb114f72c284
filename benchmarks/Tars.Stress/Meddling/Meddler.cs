using TarsEngine.Files;
using TarsEngine.Rollback;
using TarsEngine.Worlds;

namespace Tars.Stress.Meddling;

/// <summary>Another program that acts once, right before the n-th call of a deed, and knows what must hold afterwards.</summary>
/// <param name="folder">The world in which the deed is done.</param>
internal abstract class Meddler(Deed deed, string folder, int point) : ISeamObserver
{
    protected const string Actor = "tester";
    private bool isArmed, isActing, isInTransaction, isPrepared;
    private int calls;
    private long older;

    public bool HasActed { get; private set; }

    /// <summary>The deed came to its end before the n-th call.</summary>
    public virtual bool CameTooLate => !HasActed && calls <= point;

    /// <summary>Before which call it acted.</summary>
    public string Where { get; private set; } = "nowhere";

    protected string Folder => folder;

    protected string Code => Path.Combine(folder, "code");

    protected int Point => point;

    /// <summary>A path that the deed changes, another one for another point; null when it has none that will do.</summary>
    protected RepositoryPath? Target { get; private set; }

    /// <summary>The deed's commit was in the journal already when it acted.</summary>
    protected bool WasPrepared { get; private set; }

    /// <summary>The deed moved the target after the meddling.</summary>
    protected bool HasMovedTarget { get; private set; }

    protected bool IsLanding => deed.Wanted is not null;

    /// <summary>What the deed ended with, when it was no outcome.</summary>
    protected Exception? Failure { get; private set; }

    /// <summary>True for what writes to the state database: it would wait for the very transaction that it interrupts.</summary>
    protected virtual bool NeedsDatabase => false;

    /// <summary>Does the deed, with the meddling in it; answers what is wrong afterwards.</summary>
    public string? Run()
    {
        var changed = Paths(deed.Before.Except(deed.After, StringComparer.Ordinal)).Union(Paths(deed.After.Except(deed.Before, StringComparer.Ordinal)));
        Target = Choose([.. changed.Order()]);
        using (var world = new CommitWorld(folder, this)) Do(world);
        using var next = new CommitWorld(folder);
        next.Transactions.Recover();
        var done = next.Transactions.List().Any(one => one.Id.Number > older && one.Actor == Actor && one.State == CommitState.Applied);
        return Problem(next, done) ?? (next.Audit.Verify() is { IsIntact: false } trail ? $"the audit trail: {string.Join("; ", trail.Problems)}" : null);
    }

    public void Before(SeamCall call)
    {
        if (!isArmed || isActing) return;
        if (call.Operation == "begin") isInTransaction = true;
        if (HasActed)
        {
            HasMovedTarget |= Moves(call);
            Watch(call);
        }
        else if (IsTurn(call, calls++) && !(NeedsDatabase && isInTransaction))
        {
            isActing = true;
            (HasActed, WasPrepared) = (Act(), isPrepared);
            isActing = false;
            if (HasActed) Where = $"{call.Operation} {call.Target}";
        }
        if (call is { Operation: "commit", Target: "journal a commit as prepared" }) isPrepared = true;
    }

    public void After(SeamCall call)
    {
        if (!isActing && call.Operation == "commit") isInTransaction = false;
    }

    /// <summary>It is to meddle before this call.</summary>
    /// <param name="number">Which call it is.</param>
    protected virtual bool IsTurn(SeamCall call, int number) => number >= point;

    /// <summary>The call moves the target.</summary>
    protected bool Moves(SeamCall call) =>
        Target is { } target && call.Operation.StartsWith("rename-", StringComparison.Ordinal) && call.Target.Split(" → ").Contains(Path.Combine(Code, target.Value), StringComparer.Ordinal);

    /// <summary>Meddles; false when it can't now: then it tries again before the next call.</summary>
    protected abstract bool Act();

    protected abstract string? Problem(CommitWorld world, bool done);

    /// <summary>Sees what the deed still does afterwards.</summary>
    protected virtual void Watch(SeamCall call)
    {
    }

    protected virtual RepositoryPath? Choose(IReadOnlyList<RepositoryPath> changed) => changed.Count == 0 ? null : changed[point % changed.Count];

    /// <summary>Whatever is not theirs must be all-after when the deed was done, and all-before when it was not.</summary>
    protected string? Others(CommitWorld world, bool done, Predicate<RepositoryPath> isTheirs)
    {
        var expected = (done ? deed.After : deed.Before).Where(line => !isTheirs(PathOf(line))).ToList();
        var found = world.Scan().Where(line => !isTheirs(PathOf(line))).ToList();
        return found.SequenceEqual(expected, StringComparer.Ordinal) ? null
            : $"it was {(done ? "" : "not ")}done; here stand\n  {string.Join("\n  ", found.Except(expected, StringComparer.Ordinal))}\ninstead of\n  {string.Join("\n  ", expected.Except(found, StringComparer.Ordinal))}";
    }

    private void Do(CommitWorld world)
    {
        older = world.Transactions.List() is [.., var last] ? last.Id.Number : 0;
        // What is to be landed was made and checked before the other program comes.
        var change = deed.Wanted is { } wanted ? world.ChangeTo(wanted) : null;
        isArmed = true;
        try
        {
            if (change is null) deed.Act(world);
            else world.Commit(change);
        }
        catch (Exception failed)
        {
            Failure = failed;
        }
        isArmed = false;
    }

    private static IEnumerable<RepositoryPath> Paths(IEnumerable<string> scan) => scan.Where(line => !line.Contains(" Directory ", StringComparison.Ordinal)).Select(PathOf);

    private static RepositoryPath PathOf(string line) => RepositoryPath.FromBytes(Convert.FromHexString(line.AsSpan(0, line.IndexOf(' '))));
}
