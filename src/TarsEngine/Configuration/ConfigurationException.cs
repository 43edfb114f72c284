using TarsEngine.Documents;

namespace TarsEngine.Configuration;

/// <summary>A configuration file can't be used, so what is allowed is not known, and nothing is done.</summary>
public sealed class ConfigurationException(IReadOnlyList<DocumentProblem> problems)
    : Exception("The configuration can't be used: " + string.Join(' ', problems))
{
    /// <summary>Everything that is wrong, with its place.</summary>
    public IReadOnlyList<DocumentProblem> Problems { get; } = problems;
}
