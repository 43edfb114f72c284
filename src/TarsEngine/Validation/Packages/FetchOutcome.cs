using TarsEngine.Terminal;

namespace TarsEngine.Validation.Packages;

/// <summary>How fetching packages ended.</summary>
public abstract record FetchOutcome
{
    /// <summary>Everything that is needed is there, each package checked.</summary>
    /// <param name="Added">Those that were not there before: 'humanizer.core 2.14.1'.</param>
    public sealed record Fetched(IReadOnlyList<string> Added) : FetchOutcome;

    /// <summary>The codebase has nothing to restore.</summary>
    public sealed record NothingToFetch : FetchOutcome;

    /// <summary>A restore failed; nothing was taken over.</summary>
    public sealed record RestoreFailed(string What, CommandResult Result, IReadOnlyList<string> Refused) : FetchOutcome;

    /// <summary>The registry may not be spoken to: the restore was ended at once, and nothing was taken over.</summary>
    public sealed record RegistryRefused(string What, IReadOnlyList<string> Reasons) : FetchOutcome;

    /// <summary>What was fetched, or a lock file, does not hold; nothing was taken over.</summary>
    public sealed record CheckFailed(IReadOnlyList<string> Problems) : FetchOutcome;
}
