using TarsEngine.Changes;
using TarsEngine.Files;

namespace TarsAutonomy.Constraints;

/// <summary>One constraint that a task or a change does not keep.</summary>
/// <param name="Rule">A stable id, such as 'constraints/alignment'; docs/findings.md explains each.</param>
/// <param name="Severity">'CRITICAL' or 'HIGH'.</param>
/// <param name="Message">What is wrong, in words that people search for: 'Alignment score too low: 75'.</param>
/// <param name="Path">Null where it is about no file.</param>
/// <param name="Blocked">False where a person's approval would do.</param>
public sealed record Violation(string Rule, string Severity, string Message, RepositoryPath? Path, bool Blocked)
{
    public const string Critical = "CRITICAL", High = "HIGH";

    /// <summary>How to go on, where there is a way.</summary>
    public string? Remedy { get; init; }

    /// <summary>Refused, or held for a person.</summary>
    public Finding ToFinding() => new(Blocked ? TarsEngine.Changes.Severity.Error : TarsEngine.Changes.Severity.Hold, Rule, Message, Path, Remedy: Remedy);
}
