using TarsEngine.Changes;
using TarsEngine.Files;
using TarsEngine.Planning;

namespace TarsEngine.Tests.Validation.Semantics;

/// <summary>The compiler in the sandbox refuses what a build would refuse, before it.</summary>
public sealed class SemanticValidatorTests(ValidationFixture fixture) : IClassFixture<ValidationFixture>
{
    [Fact]
    public async Task An_error_refuses_with_its_place_and_without_a_build()
    {
        var (verdict, events) = await fixture.ValidateAsync(fixture.Replace("src/Greeting.cs", "+ name +", "+ nme +"));
        Assert.True(verdict.Findings.Any(f => f.Rule == "semantic/CS0103"), string.Join('\n', events.Select(e => e.ToString())));
        var finding = Assert.Single(verdict.Findings, f => f.Severity == Severity.Error);
        Assert.Equal(("semantic/CS0103", RepositoryPath.Parse("src/Greeting.cs"), 4, 58), (finding.Rule, finding.Path!.Value, finding.Line!.Value, finding.Column!.Value));
        Assert.DoesNotContain(events, e => e is StageStarted { Stage: "checks" });
    }
}
