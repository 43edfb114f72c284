using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;

namespace TarsEngine.Journey;

/// <summary>What a caller asks of one run besides what policy asks: it only ever gets stricter by it; and what it knows of its own parts of the change.</summary>
public sealed record RunConditions
{
    public static RunConditions None { get; } = new();

    /// <summary>Run in the clean room after the others.</summary>
    public IReadOnlyList<CheckDefinition> Checks { get; init; } = [];

    /// <summary>Looks at the frozen change: an error denies it, a hold lets a person decide.</summary>
    public Func<ChangeSet, TreeSnapshot, IReadOnlyList<Finding>> Inspect { get; init; } = (_, _) => [];

    /// <summary>Adds the caller's own parts to a staged change, and makes them anew when the codebase moved: what comes back is permitted and validated like the rest.</summary>
    public Func<IReadOnlyList<NamedChange>, TreeSnapshot, IReadOnlyList<NamedChange>> Renew { get; init; } = (parts, _) => parts;
}
