using TarsEngine.Changes;

namespace TarsEngine.Validation.Semantics;

/// <summary>What the compiler alone can say of a change.</summary>
internal abstract record SemanticVerdict
{
    /// <summary>A build would fail, with these errors, which are not there without the change.</summary>
    internal sealed record Broken(IReadOnlyList<Finding> Findings) : SemanticVerdict;

    /// <summary>It finds no error.</summary>
    /// <param name="Projects">How many projects it compiled.</param>
    internal sealed record Clean(int Projects) : SemanticVerdict;

    /// <summary>Only a build can tell.</summary>
    internal sealed record Unsure(string Reason) : SemanticVerdict;
}
