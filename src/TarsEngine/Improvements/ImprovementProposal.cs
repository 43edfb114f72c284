using TarsEngine.Documents;
using TarsEngine.Files;

namespace TarsEngine.Improvements;

/// <summary>An improvement that was read and checked, and is in no catalog yet.</summary>
/// <param name="Contents">The bytes that its steps name by hash.</param>
public sealed record ImprovementProposal(
    string Title,
    string Description,
    string Category,
    ImprovementPriority Priority,
    string Source,
    IReadOnlyList<StepDefinition> Steps,
    string? BaseCommit,
    IReadOnlyDictionary<ContentHash, byte[]> Contents)
{
    public const string DefaultCategory = "general";

    /// <summary>Equal exactly when the steps and their base are: titles and the like may differ.</summary>
    public ContentHash Fingerprint => ContentHash.Of(System.Text.Encoding.UTF8.GetBytes((BaseCommit ?? "") + "\n" + StepJson.Write(Steps)));
}

/// <summary>What reading improvements from a file, a stream or a repository gave.</summary>
public abstract record ProposalResult;

/// <summary>Improvements that may be added.</summary>
/// <param name="Notices">What was left out, and why; for people.</param>
public sealed record Proposed(IReadOnlyList<ImprovementProposal> Improvements, IReadOnlyList<string> Notices) : ProposalResult;

/// <summary>There is nothing to do in it.</summary>
public sealed record NothingProposed(string Explanation) : ProposalResult;

/// <summary>Not added: every problem with its place.</summary>
public sealed record ProposalRefused(IReadOnlyList<DocumentProblem> Problems) : ProposalResult
{
    /// <summary>True when one of them asks for what may not be; false when they are only mistakes.</summary>
    public bool IsDenied => Problems.Any(p => p.IsDenied);
}
