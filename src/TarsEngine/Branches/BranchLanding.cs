using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Storage;

namespace TarsEngine.Branches;

/// <summary>Where a landing on a branch stands.</summary>
public enum BranchLandingState
{
    /// <summary>The commit is made; whether the branch moved, the branch tells.</summary>
    Prepared,

    /// <summary>The branch has it.</summary>
    Landed,

    /// <summary>The branch never moved.</summary>
    Discarded,

    /// <summary>Taken back: the branch was moved back, or has a commit that undoes it.</summary>
    RolledBack,
}

/// <summary>One context's landing on a branch, as the state has it.</summary>
/// <param name="Branch">Without 'refs/heads/'.</param>
/// <param name="Before">Where the branch was; null where this landing made it.</param>
/// <param name="After">The landing's commit.</param>
/// <param name="Undo">The commit that takes it back; null where there is none, or where the branch was moved back.</param>
public sealed record BranchLanding(
    ContextId Context, string Branch, string? Before, string After, BranchLandingState State, string? Undo, string Actor, DateTimeOffset Created, DateTimeOffset Updated);

/// <summary>What to land on a branch.</summary>
/// <param name="Base">The commit that was validated; the branch must stand there, or not be there yet.</param>
/// <param name="Changes">On top of it.</param>
/// <param name="ResultTree">The hash of the whole tree that was validated.</param>
internal sealed record BranchRequest(
    ContextId Context, string Branch, string Base, ChangeSet Changes, ContentHash ResultTree, string Message, string Actor);

/// <summary>How landing on a branch ended.</summary>
internal abstract record BranchOutcome
{
    private BranchOutcome()
    {
    }

    public sealed record Landed(string Commit) : BranchOutcome;

    /// <summary>The branch is not where it was when the change was validated.</summary>
    public sealed record Moved : BranchOutcome;

    public sealed record Refused(Finding Finding) : BranchOutcome;
}
