using TarsEngine.Files;

namespace TarsEngine;

/// <summary>Everything that the engine needs to know of the world around it; it looks up nothing by itself.</summary>
/// <param name="StartFolder">A folder of the codebase; absolute.</param>
/// <param name="UserStateFolder">Where the audit trail's key and head live, outside every codebase.</param>
/// <param name="UserConfigurationFile">The user's own policy; null for the defaults.</param>
/// <param name="Actor">Who acts, for the audit trail.</param>
/// <param name="Environment">The variables of the calling process: PATH, HOME, NUGET_PACKAGES, …</param>
public sealed record CodebaseOptions(
    string StartFolder,
    string UserStateFolder,
    string? UserConfigurationFile,
    string Actor,
    IReadOnlyDictionary<string, string> Environment)
{
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Stands at both seams, in tests.</summary>
    public ISeamObserver? Seams { get; init; }

    /// <summary>Knows the user's agents; null: no step can run one.</summary>
    public Staging.IAgentHost? Agents { get; init; }

    /// <summary>Told, in a sentence, when something has to be waited for.</summary>
    public Action<string>? Waiting { get; init; }

    /// <summary>Told what happens in a run of this process, as it happens.</summary>
    public Action<Storage.ContextId, Planning.ExecutionEvent>? Happened { get; init; }
}

/// <summary>There is no codebase to work on at the start folder.</summary>
public sealed class NoCodebaseException(string reason, string remedy) : Exception(reason)
{
    public string Remedy { get; } = remedy;
}
