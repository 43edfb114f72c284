using TarsEngine.Changes;
using TarsEngine.Configuration;
using TarsEngine.Files;
using TarsEngine.Validation.Checks;
using TarsEngine.Validation.Dotnet;
using TarsEngine.Validation.Semantics;

namespace TarsEngine.Tests.Validation.Semantics;

/// <summary>The compiler alone is held against the build.</summary>
public sealed class SemanticAuditTests
{
    private static readonly SemanticVerdict broken = new SemanticVerdict.Broken([new(Severity.Error, "semantic/CS0103", "no such name")]);
    private static readonly SemanticVerdict clean = new SemanticVerdict.Clean(2);

    private static CheckRun Build(CheckStatus status, params string[] codes) =>
        new([new("build", CheckKind.Build, false, status, "", null, [.. codes.Select(code => new BuildDiagnostic(true, code, "words", "a.cs", 1, null))], null, [])], TimeSpan.Zero);

    [Fact]
    public void A_build_that_says_otherwise_is_told()
    {
        Assert.Contains("CS0103", SemanticAudit.Disagreement(broken, Build(CheckStatus.Passed))!.Message, StringComparison.Ordinal);
        Assert.Contains("CS0029", SemanticAudit.Disagreement(clean, Build(CheckStatus.BuildErrors, "CS0029"))!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Agreement_and_silence_are_none()
    {
        Assert.Null(SemanticAudit.Disagreement(broken, Build(CheckStatus.BuildErrors, "CS0103")));
        Assert.Null(SemanticAudit.Disagreement(clean, Build(CheckStatus.Passed)));
        Assert.Null(SemanticAudit.Disagreement(clean, Build(CheckStatus.BuildErrors, "NU1101")));
        Assert.Null(SemanticAudit.Disagreement(broken, Build(CheckStatus.Limit)));
        Assert.Null(SemanticAudit.Disagreement(new SemanticVerdict.Unsure("x"), Build(CheckStatus.BuildErrors, "CS0029")));
    }

    [Fact]
    public void One_refusal_in_thirty_two_is_built_too() =>
        Assert.InRange(Enumerable.Range(0, 10_000).Count(i => SemanticAudit.IsSampled(ContentHash.Of(BitConverter.GetBytes(i)))), 200, 430);
}
