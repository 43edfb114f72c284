using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>What a step does. A closed family: <see cref="PatchAction"/>, <see cref="EditAction"/>, <see cref="ReplaceAction"/>, <see cref="CommandAction"/>, <see cref="AgentAction"/>.</summary>
public abstract record StepAction;

/// <summary>Applies a git patch.</summary>
/// <param name="Patch">Its bytes, in the object store.</param>
/// <param name="Size">In bytes.</param>
public sealed record PatchAction(ContentHash Patch, long Size) : StepAction;

/// <summary>Edits whole files, in order.</summary>
public sealed record EditAction(IReadOnlyList<FileEdit> Edits) : StepAction;

/// <summary>Replaces text in one file, byte-exact in UTF-8; refused when the search text isn't there exactly <paramref name="Count"/> times.</summary>
public sealed record ReplaceAction(RepositoryPath Path, string Search, string Replacement, int Count) : StepAction;

/// <summary>Runs a program in the sandbox; what it changed in the workspace is the step's change.</summary>
/// <param name="Arguments">The program and its arguments; no shell reads them.</param>
/// <param name="Folder">Where it runs; null is the codebase's root.</param>
/// <param name="Environment">Added to the sandbox's own.</param>
public sealed record CommandAction(
    IReadOnlyList<string> Arguments,
    RepositoryPath? Folder,
    TimeSpan Timeout,
    IReadOnlyDictionary<string, string> Environment) : StepAction;

/// <summary>An agent works on a task in the sandbox; what it changed in the workspace is the step's change.</summary>
/// <param name="Task">What is to be done, in the author's words.</param>
/// <param name="Agent">One of the agents that the user's own configuration names; null is its default one.</param>
public sealed record AgentAction(string Task, string? Agent) : StepAction;
