namespace Tars.Stress.Model;

/// <summary>One thing that happens to a codebase; numbers choose among what there is then.</summary>
internal abstract record ModelOperation
{
    /// <summary>A landing of one or two named transactions.</summary>
    /// <param name="Edits">Each a path and a content; content 0 deletes.</param>
    /// <param name="KilledAt">The process dies at this point, and the next one recovers; negative for no such thing.</param>
    internal sealed record Land(IReadOnlyList<(int Path, int Content)> Edits, bool Two, int KilledAt) : ModelOperation
    {
        public override string ToString() => $"Land([{string.Join(", ", Edits)}], two: {Two}, killed at {KilledAt})";
    }

    /// <summary>A person writes a file, or deletes it.</summary>
    internal sealed record Edit(int Path, int Content) : ModelOperation;

    /// <summary>A rollback of what one landing brought.</summary>
    /// <param name="Which">Which landing.</param>
    /// <param name="File">Only this path of it; negative for all.</param>
    internal sealed record RollBack(int Which, int File, bool Force, int KilledAt) : ModelOperation;

    /// <summary>What was displaced is cleared away.</summary>
    internal sealed record Collect : ModelOperation;
}
