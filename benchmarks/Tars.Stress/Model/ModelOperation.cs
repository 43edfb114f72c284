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

    /// <summary>An improvement is put on the list.</summary>
    /// <param name="Edits">Each a path and a content; content 0 deletes.</param>
    internal sealed record Propose(IReadOnlyList<(int Path, int Content)> Edits, bool Two) : ModelOperation
    {
        public override string ToString() => $"Propose([{string.Join(", ", Edits)}], two: {Two})";
    }

    /// <summary>An improvement is executed, whatever became of it before.</summary>
    /// <param name="AtOnce">Lands without a person when it is valid.</param>
    internal sealed record Execute(int Which, bool AtOnce, bool Validate, int KilledAt) : ModelOperation;

    /// <summary>A person's answer to what waits, or waited once.</summary>
    internal sealed record Decide(int Which, bool Approve, int KilledAt) : ModelOperation;
}
