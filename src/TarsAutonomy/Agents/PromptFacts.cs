using TarsEngine.Staging;

namespace TarsAutonomy.Agents;

/// <summary>What an agent may and may not do, in words; what really holds it is checked on its change.</summary>
/// <param name="MaxLines">The most lines that its change may have; null: not said.</param>
/// <param name="Rules">Constraints, for the agent to read; null for none.</param>
public sealed record PromptLimits(int? MaxLines, string? Rules)
{
    /// <summary>Nothing is said.</summary>
    public static PromptLimits None { get; } = new(null, null);
}

/// <summary>All that a prompt is made of.</summary>
/// <param name="Task">What is to be done, in its author's words.</param>
/// <param name="References">Which of <see cref="AgentPrompt.ReferenceFiles"/> the codebase has.</param>
/// <param name="Feedback">What became of the attempt before; null for the first.</param>
public sealed record PromptFacts(string Task, int? MaxLines, string? Rules, IReadOnlyList<string> References, AgentFeedback? Feedback = null);
