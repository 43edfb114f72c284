using TarsEngine.Storage;

namespace TarsEngine.Improvements;

/// <summary>What adding an improvement did.</summary>
public abstract record AddOutcome(Improvement Improvement);

/// <summary>It has an id now.</summary>
/// <param name="SameAs">An improvement with the very same change that has landed before, or was superseded.</param>
public sealed record Added(Improvement Improvement, ImprovementId? SameAs) : AddOutcome(Improvement);

/// <summary>The very same change is there already and not done; nothing was added.</summary>
public sealed record AlreadyThere(Improvement Improvement) : AddOutcome(Improvement);

/// <summary>What a change of state, or a removal, did.</summary>
public abstract record MoveOutcome;

/// <summary>Done; this is how it is now.</summary>
public sealed record Moved(Improvement Improvement) : MoveOutcome;

/// <summary>It stands where this is not possible.</summary>
public sealed record NotMovable(Improvement Improvement, string Why, string Remedy) : MoveOutcome;

/// <summary>No improvement has this id.</summary>
public sealed record NoSuchImprovement(ImprovementId Id) : MoveOutcome
{
    public string Message => $"Improvement not found: {Id}. 'improve list' shows what there is.";
}

/// <summary>Which improvements to list; null takes all. Removed ones only when asked for by state.</summary>
public sealed record ImprovementFilter(
    IReadOnlyCollection<ImprovementState>? States = null,
    string? Category = null,
    ImprovementPriority? AtLeast = null,
    string? Text = null)
{
    public static ImprovementFilter All { get; } = new();

    internal bool Takes(Improvement improvement) =>
        (States is null ? improvement.State != ImprovementState.Removed : States.Contains(improvement.State))
        && (Category is null || improvement.Category.Equals(Category, StringComparison.OrdinalIgnoreCase))
        && (AtLeast is null || improvement.Priority >= AtLeast)
        && (Text is null || improvement.Title.Contains(Text, StringComparison.OrdinalIgnoreCase)
            || improvement.Description.Contains(Text, StringComparison.OrdinalIgnoreCase));
}
